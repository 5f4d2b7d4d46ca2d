/* services/auth/mail/templates.c - the texts of letters, by language */
#include "services/auth/mail/templates.h"
#include "lib/base/arena.h"
#include "lib/base/embedded.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FILE_MAX = 64 * 1024,
	SUBJECT_MAX = 256,
	LANGUAGES_MAX = 200,
	MEMORY = 64 << 20
};

struct language {
	const char *name;
	struct auth_template letters[AUTH_LETTERS]; /* without text: none */
};

struct auth_templates {
	struct arena mem;
	struct slice layout;
	struct language languages[LANGUAGES_MAX];
	size_t count;
};

extern const struct embedded auth_letter_files[];

/* ---- languages ------------------------------------------------------------- */

/* "pt-BR" and "pt_br" are the same. */
static bool same_language(struct slice a, struct slice b)
{
	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++) {
		uint8_t x = a.data[i], y = b.data[i];

		if (!slice_equal_nocase(slice_make(&x, 1), slice_make(&y, 1)) &&
		    !((x == '-' || x == '_') && (y == '-' || y == '_')))
			return false;
	}
	return true;
}

static struct language *find_language(const struct auth_templates *t,
				      struct slice name)
{
	for (size_t i = 0; i < t->count; i++)
		if (same_language(slice_of(t->languages[i].name), name))
			return (struct language *)&t->languages[i];
	return NULL;
}

static bool is_language(struct slice name)
{
	for (size_t i = 0; i < name.size; i++) {
		uint8_t c = name.data[i];

		if (!(c >= '0' && c <= '9') &&
		    !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') &&
		    (c != '-' || i == 0))
			return false;
	}
	return name.size >= 2 && name.size <= AUTH_LANGUAGE_MAX;
}

static struct language *language_of(struct auth_templates *t, struct slice name,
				    const char *path, struct fault *fault)
{
	struct language *found = find_language(t, name);

	if (found)
		return found;
	if (!is_language(name) || t->count == LANGUAGES_MAX) {
		fault_set(
		    fault, E_INVALID,
		    "auth.mail_templates: '%s': '%.*s' is no language, or "
		    "one more than %d",
		    path, SLICE_ARGS(name), LANGUAGES_MAX);
		return NULL;
	}
	found = &t->languages[t->count++];
	found->name = arena_copy(&t->mem, name.data, name.size);
	for (int i = 0; i < AUTH_LETTERS; i++)
		found->letters[i].language = found->name;
	return found;
}

/* ---- one file -------------------------------------------------------------- */

static int cut_subject(struct auth_template *out, const char *path,
		       struct slice bytes, struct fault *fault)
{
	const struct slice name = SLICE("Subject: ");
	struct slice line = slice_cut(&bytes, '\n');
	struct slice empty = slice_cut(&bytes, '\n');

	if (!slice_starts(line, name) || line.size > SUBJECT_MAX || empty.size)
		return fault_set(fault, E_INVALID,
				 "auth.mail_templates: '%s': does not begin "
				 "with 'Subject: …' of at "
				 "most %d bytes and an empty line",
				 path, SUBJECT_MAX);
	out->subject = slice_trim(
	    slice_make(line.data + name.size, line.size - name.size));
	out->text = bytes;
	return 0;
}

static bool has(struct slice bytes, const char *part)
{
	return memmem(bytes.data, bytes.size, part, strlen(part)) != NULL;
}

static int take(struct auth_templates *t, const char *path, struct slice bytes,
		struct fault *fault)
{
	bool layout = strcmp(path, "layout.html") == 0;
	const char *needed = layout ? "{content}" : "{####}";
	struct slice rest = slice_of(path), name, language;
	struct language *of;
	enum auth_letter_kind kind;

	if (!slice_is_utf8(bytes) || memchr(bytes.data, '\0', bytes.size))
		return fault_set(fault, E_INVALID,
				 "auth.mail_templates: '%s': is not UTF-8",
				 path);
	if (!has(bytes, needed))
		return fault_set(fault, E_INVALID,
				 "auth.mail_templates: '%s': does not say '%s'",
				 path, needed);
	if (layout) {
		t->layout = bytes;
		return 0;
	}
	language = slice_cut(&rest, '/');
	name = slice_cut(&rest, '.');
	kind = auth_letter_kind(name);
	if (kind == AUTH_LETTERS)
		return fault_set(fault, E_INVALID,
				 "auth.mail_templates: '%s': there is no such "
				 "letter",
				 path);
	of = language_of(t, language, path, fault);
	if (!of)
		return -fault->code;
	if (slice_is(rest, "txt")) {
		of->letters[kind].html = (struct slice){ 0 };
		return cut_subject(&of->letters[kind], path, bytes, fault);
	}
	of->letters[kind].html = bytes;
	return 0;
}

/* ---- all of them ----------------------------------------------------------- */

/* A text comes before the HTML that goes with it. */
static int take_embedded(struct auth_templates *t, const char *ending,
			 struct fault *fault)
{
	for (const struct embedded *f = auth_letter_files; f->path; f++)
		if (strcmp(strrchr(f->path, '.'), ending) == 0 &&
		    take(t, f->path, embedded_slice(f), fault))
			return -fault->code;
	return 0;
}

static int read_file(int dir, const char *name, struct arena *mem,
		     struct slice *out)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	struct stat status;
	uint8_t *bytes;
	ssize_t got = -1;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_size <= FILE_MAX &&
	    (bytes = arena_alloc(mem, (size_t)status.st_size + 1)) != NULL) {
		got = read(fd, bytes, (size_t)status.st_size);
		*out = slice_make(bytes, got < 0 ? 0 : (size_t)got);
	}
	close(fd);
	return got < 0 ? -EFBIG : 0;
}

/* As written on a machine whose lines end otherwise. */
static struct slice without_returns(struct slice bytes)
{
	uint8_t *out = (uint8_t *)bytes.data;
	size_t size = 0;

	for (size_t i = 0; i < bytes.size; i++)
		if (bytes.data[i] != '\r')
			out[size++] = bytes.data[i];
	return slice_make(out, size);
}

/* Takes DIR/PATH, if it is there. */
static int take_file(struct auth_templates *t, int dir, const char *path,
		     struct fault *fault)
{
	struct slice bytes = SLICE("");
	int failed = read_file(dir, path, &t->mem, &bytes);

	if (failed == -ENOENT || failed == -ENOTDIR)
		return 0;
	if (failed)
		return fault_set(
		    fault, E_INVALID,
		    "auth.mail_templates: '%s': cannot be read, or is "
		    "longer than %d bytes",
		    path, FILE_MAX);
	return take(t, path, without_returns(bytes), fault);
}

static int take_language(struct auth_templates *t, int dir, const char *name,
			 struct fault *fault)
{
	static const char *const endings[] = { "txt", "html" };
	char path[NAME_MAX + 32];

	for (int i = 0; i < AUTH_LETTERS * 2; i++) {
		snprintf(path, sizeof(path), "%s/%s.%s", name,
			 auth_letter_name(i / 2), endings[i % 2]);
		if (take_file(t, dir, path, fault))
			return -fault->code;
	}
	return 0;
}

static int take_folder(struct auth_templates *t, const char *folder,
		       struct fault *fault)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		return fault_set(fault, E_INVALID,
				 "auth.mail_templates: cannot open '%s': %s",
				 folder, strerror(errno));
	take_file(t, dirfd(dir), "layout.html", fault);
	while (!fault->code && (entry = readdir(dir)))
		if (is_language(slice_of(entry->d_name)))
			take_language(t, dirfd(dir), entry->d_name, fault);
	closedir(dir);
	return -fault->code;
}

/* An HTML without a text never goes out: that must have been a mistake. */
static int check(const struct auth_templates *t, struct fault *fault)
{
	for (size_t i = 0; i < t->count; i++)
		for (int kind = 0; kind < AUTH_LETTERS; kind++)
			if (t->languages[i].letters[kind].html.size &&
			    !t->languages[i].letters[kind].text.size)
				return fault_set(
				    fault, E_INVALID,
				    "auth.mail_templates: '%s/%s.html': there "
				    "is no '.txt' beside it",
				    t->languages[i].name,
				    auth_letter_name(kind));
	return 0;
}

struct auth_templates *auth_templates_new(const char *folder,
					  struct fault *fault)
{
	struct auth_templates *t = calloc(1, sizeof(*t));

	if (!t)
		abort(); /* lack of memory ends the process */
	arena_init(&t->mem, MEMORY);
	if (take_embedded(t, ".txt", fault) ||
	    take_embedded(t, ".html", fault) ||
	    (folder && *folder && take_folder(t, folder, fault)) ||
	    check(t, fault)) {
		auth_templates_free(t);
		return NULL;
	}
	for (size_t i = 0; i < t->count; i++)
		for (int kind = 0; kind < AUTH_LETTERS; kind++)
			t->languages[i].letters[kind].layout = t->layout;
	return t;
}

void auth_templates_free(struct auth_templates *t)
{
	if (!t)
		return;
	arena_release(&t->mem);
	free(t);
}

/* ---- finding one ----------------------------------------------------------- */

static const struct auth_template *find(const struct auth_templates *t,
					enum auth_letter_kind kind,
					struct slice name)
{
	const struct language *language = find_language(t, name);

	return language && language->letters[kind].text.size
		   ? &language->letters[kind]
		   : NULL;
}

const struct auth_template *auth_templates_find(const struct auth_templates *t,
						enum auth_letter_kind kind,
						struct slice locale,
						const char *otherwise)
{
	const struct auth_template *found = NULL;

	while (!found && locale.size) {
		found = find(t, kind, locale);
		while (locale.size && locale.data[locale.size - 1] != '-' &&
		       locale.data[locale.size - 1] != '_')
			locale.size--;
		locale.size -= locale.size > 0;
	}
	return found ? found : find(t, kind, slice_of(otherwise));
}
