/* tests/unit/compose.c - docker-compose.yml, held against what is built
 *
 * Nobody runs containers here; but every program, option, variable, port, path
 * and secret that the file names must be one that the programs know.
 */
#include "lib/base/buffer.h"
#include "lib/conf/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/parlor-compose-XXXXXX";
static struct arena mem;
static struct yaml_node *file, *services;
static const char *dockerfile;

static const char *read_text(const char *path)
{
	struct buffer text;
	FILE *stream = fopen(path, "re");
	const char *copy;

	if (!stream)
		fail_msg("no '%s'", path);
	buffer_init(&text, 1 << 20);
	for (int c = fgetc(stream); c != EOF; c = fgetc(stream))
		buffer_put_byte(&text, (uint8_t)c);
	fclose(stream);
	copy = arena_copy(&mem, buffer_slice(&text).data, buffer_size(&text));
	buffer_release(&text);
	return copy;
}

/* What a shell command prints; its exit status in *status. */
static const char *run(const char *command, int *status)
{
	FILE *stream = popen(command, "re");
	struct buffer text;
	const char *copy;

	buffer_init(&text, 1 << 20);
	for (int c = fgetc(stream); c != EOF; c = fgetc(stream))
		buffer_put_byte(&text, (uint8_t)c);
	*status = pclose(stream);
	copy = arena_copy(&mem, buffer_slice(&text).data, buffer_size(&text));
	buffer_release(&text);
	return copy;
}

static const char *text_of(const struct yaml_node *node)
{
	return (const char *)node->text.data;
}

/* A key of a map, looked up in what is merged into it too. */
static const struct yaml_node *get(const struct yaml_node *map, const char *key)
{
	const struct yaml_node *found = yaml_find(map, key);
	const struct yaml_node *merged = yaml_find(map, "<<");

	return found || !merged ? found : yaml_find(merged, key);
}

static const struct yaml_node *must_get(const struct yaml_node *map,
					const char *key)
{
	const struct yaml_node *found = get(map, key);

	if (!found)
		fail_msg("line %d: no '%s'", map->line, key);
	return found;
}

static bool lists(const struct yaml_node *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (slice_is(list->items[i]->text, text))
			return true;
	return false;
}

/* ---- commands ---------------------------------------------------------------- */

static const char *program_of(const struct yaml_node *service)
{
	return text_of(must_get(service, "command")->items[0]);
}

static void check_options(const struct yaml_node *words, size_t first,
			  const char *program, const char *help)
{
	if (!slice_is(words->items[first]->text, program))
		fail_msg("line %d: not '%s'", words->line, program);
	for (size_t i = first + 1; i < words->count; i++)
		if (slice_starts(words->items[i]->text, SLICE("--")) &&
		    !strstr(help, text_of(words->items[i])))
			fail_msg("line %d: '%s' has no '%s'", words->line,
				 program, text_of(words->items[i]));
}

static void test_programs_and_options(void **state)
{
	(void)state;
	for (size_t i = 0; i < services->count; i++) {
		const struct yaml_node *service = services->items[i];
		const char *program = program_of(service);
		int status;
		const char *help =
		    run(arena_printf(&mem, PARLOR_BUILD "/%s --help", program),
			&status);

		if (status != 0)
			fail_msg("'%s' is not built", program);
		check_options(must_get(service, "command"), 0, program, help);
		check_options(must_get(must_get(service, "healthcheck"),
				       "test"),
			      1, program, help);
	}
}

/* ---- variables --------------------------------------------------------------- */

static char page[64]; /* a folder that could be the web client's */

/* Where a path of the image is on this machine. */
static const char *local_path(const char *value)
{
	const char *const paths[][2] = {
		{ "/usr/" PARLOR_DATADIR "/parlor/game/functions.yaml",
		  PARLOR_SOURCE "/services/game/deploy/functions.yaml" },
		{ "/usr/" PARLOR_LIBEXECDIR "/parlor/functions",
		  PARLOR_BUILD "/functions" },
		{ "/usr/" PARLOR_DATADIR "/parlor/web", page },
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (strcmp(value, paths[i][0]) == 0)
			return paths[i][1];
	return value;
}

static void put_variables(struct buffer *b, const struct yaml_node *map)
{
	const struct yaml_node *merged = yaml_find(map, "<<");

	if (merged)
		put_variables(b, merged);
	for (size_t i = 0; i < map->count; i++)
		if (map->items[i] != merged)
			buffer_printf(b, "%s='%s' ", text_of(map->keys[i]),
				      local_path(text_of(map->items[i])));
}

/* The program itself says whether it knows them and would take their values. */
static void test_variables(void **state)
{
	(void)state;
	for (size_t i = 0; i < services->count; i++) {
		const struct yaml_node *service = services->items[i];
		struct buffer command;
		const char *said;
		int status;

		buffer_init(&command, 1 << 16);
		put_variables(&command, must_get(service, "environment"));
		buffer_printf(&command,
			      PARLOR_BUILD "/%s --check --config "
					   "%s/var/parlor.yaml 2>&1",
			      program_of(service), dir);
		buffer_put_byte(&command, 0);
		said = run((const char *)buffer_slice(&command).data, &status);
		if (status != 0)
			fail_msg("%s: %s", text_of(services->keys[i]), said);
		buffer_release(&command);
	}
}

static void check_paths(const struct yaml_node *service,
			const struct yaml_node *variables)
{
	const struct yaml_node *secrets = must_get(service, "secrets");
	const size_t prefix = strlen("/run/secrets/");

	for (size_t i = 0; i < variables->count; i++) {
		const struct yaml_node *value = variables->items[i];

		if (value->kind == YAML_MAP)
			check_paths(service, value);
		else if (slice_starts(value->text, SLICE("/run/secrets/")) &&
			 !lists(secrets, text_of(value) + prefix))
			fail_msg("line %d: the service has no secret '%s'",
				 value->line, text_of(value) + prefix);
	}
}

/* What init makes, under the names the file gives it. */
static void test_secrets(void **state)
{
	const struct yaml_node *all = must_get(file, "secrets");

	(void)state;
	for (size_t i = 0; i < services->count; i++) {
		const struct yaml_node *service = services->items[i];
		const struct yaml_node *own = must_get(service, "secrets");

		check_paths(service, must_get(service, "environment"));
		for (size_t j = 0; j < own->count; j++)
			must_get(all, text_of(own->items[j]));
	}
	for (size_t i = 0; i < all->count; i++) {
		const char *path = text_of(must_get(all->items[i], "file"));

		if (strstr(path, "/tls/")) /* the operator's own */
			continue;
		if (access(arena_printf(&mem, "%s/%s", dir, path), R_OK) < 0)
			fail_msg("init makes no '%s'", path);
	}
}

/* ---- ports, volumes, the image ----------------------------------------------- */

static void test_ports(void **state)
{
	(void)state;
	for (size_t i = 0; i < services->count; i++) {
		const struct yaml_node *service = services->items[i];
		const struct yaml_node *ports = get(service, "ports"), *listen;
		char *name = arena_printf(&mem, "PARLOR_%s_LISTEN",
					  text_of(services->keys[i]));

		for (char *at = name; *at; at++)
			*at = (char)(*at >= 'a' && *at <= 'z' ? *at - 32 : *at);
		listen = must_get(must_get(service, "environment"), name);
		for (size_t j = 0; ports && j < ports->count; j++)
			assert_string_equal(strrchr(text_of(listen), ':'),
					    strrchr(text_of(ports->items[j]),
						    ':'));
	}
}

static void test_volumes(void **state)
{
	const struct yaml_node *all = must_get(file, "volumes");

	(void)state;
	for (size_t i = 0; i < services->count; i++) {
		const struct yaml_node *own =
		    must_get(services->items[i], "volumes");

		for (size_t j = 0; j < own->count; j++) {
			struct slice rest = own->items[j]->text;
			struct slice name = slice_cut(&rest, ':');

			must_get(all, arena_copy(&mem, name.data, name.size));
			if (!strstr(dockerfile, (const char *)rest.data))
				fail_msg("the image has no '%s'",
					 (const char *)rest.data);
		}
	}
}

static void test_is_walled_in(void **state)
{
	(void)state;
	assert_non_null(strstr(dockerfile, "\nUSER parlor\n"));
	for (size_t i = 0; i < services->count; i++) {
		const struct yaml_node *service = services->items[i];

		assert_string_equal(text_of(must_get(service, "read_only")),
				    "true");
		assert_true(lists(must_get(service, "cap_drop"), "ALL"));
		must_get(must_get(service, "environment"),
			 "PARLOR_SUITE_TLS_KEY");
	}
}

/* Debian's packages with the libraries that the programs link. */
static void test_libraries(void **state)
{
	int status;
	const char *packages = run(
	    "for program in " PARLOR_BUILD "/parlor-*; do "
	    "readelf -d $program | sed -n 's/.*NEEDED.*\\[\\(.*\\)\\]/\\1/p' | "
	    "grep -Ev '^lib(c|m|gcc_s|asan|ubsan|tsan)\\.so' | "
	    "while read -r name; do ldd $program | "
	    "awk -v n=$name '$1 == n { print $3 }'; done; done | sort -u | "
	    "xargs readlink -f | while read -r file; do "
	    "dpkg -S $file || dpkg -S /usr$file || dpkg -S ${file#/usr}; "
	    "done 2>/dev/null | sed 's/:.*//' | sort -u",
	    &status);
	struct slice rest = slice_of(packages);

	(void)state;
	if (!rest.size)
		skip(); /* no dpkg here, or nothing built */
	while (rest.size) {
		struct slice name = slice_cut(&rest, '\n');
		const char *text = arena_copy(&mem, name.data, name.size);

		if (!strstr(dockerfile, text))
			fail_msg("the image lacks '%s'", text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs_and_options),
		cmocka_unit_test(test_variables),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_volumes),
		cmocka_unit_test(test_is_walled_in),
		cmocka_unit_test(test_libraries),
	};
	struct fault fault = { 0 };
	int failed, status;

	arena_init(&mem, 64 << 20);
	if (!mkdtemp(dir))
		return 1;
	snprintf(page, sizeof(page), "%s/web", dir);
	run(arena_printf(&mem,
			 "mkdir %s && touch %s/index.html && " PARLOR_BUILD
			 "/parlor init --data %s/var",
			 page, page, dir),
	    &status);
	dockerfile = read_text(PARLOR_SOURCE "/Dockerfile");
	file =
	    yaml_parse(slice_of(read_text(PARLOR_SOURCE "/docker-compose.yml")),
		       "docker-compose.yml", &mem, &fault);
	if (!file || status != 0) {
		fprintf(stderr, "%s\n", file ? "no init" : fault.message);
		return 1;
	}
	services = yaml_find(file, "services");
	failed = cmocka_run_group_tests_name("compose", tests, NULL, NULL);
	run(arena_printf(&mem, "rm -rf %s", dir), &status);
	arena_release(&mem);
	return failed;
}
