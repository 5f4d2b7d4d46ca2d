/* tests/unit/services/game/game.c - parlor-game from outside
 *
 * The program itself, with functions that do what they are told, before a store
 * that is played here.
 */
#include "lib/net/http_server.h"
#include "lib/rpc/dispatch.h"
#include "lib/wire/message.h"
#include "tests/support/data_dir.h"
#include "tests/support/http_ask.h"

#include "parlor/function/v1/functions.pb-c.h"
#include "parlor/kv/v1/kv.pb-c.h"

#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/wait.h>

#include <cmocka.h>

static struct data_dir dir;

/* ---- the store, played ------------------------------------------------------- */

static struct {
	pthread_mutex_t lock;
	char roles[2048];     /* names and documents, in order */
	int64_t milliseconds; /* byte-milliseconds of `tag#1` */
	int64_t invocations;  /* the same */
	char key[256];	      /* principal, resource, operation, user */
} store = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void note_role(const char *role, const char *document)
{
	size_t used = strlen(store.roles);

	pthread_mutex_lock(&store.lock);
	snprintf(store.roles + used, sizeof(store.roles) - used, "%s=%s\n",
		 role, document);
	pthread_mutex_unlock(&store.lock);
}

static void put_role_policy(struct call *c)
{
	const Parlor__Kv__V1__PutRolePolicyRequest *request =
	    call_unpack(c,
			&parlor__kv__v1__put_role_policy_request__descriptor);

	if (request)
		note_role(request->role_name, request->policy_document);
	call_reply_bytes(c, (struct slice){ 0 });
}

static void delete_role_policy(struct call *c)
{
	const Parlor__Kv__V1__DeleteRolePolicyRequest *request = call_unpack(
	    c, &parlor__kv__v1__delete_role_policy_request__descriptor);

	if (request)
		note_role(request->role_name, "none");
	call_fail(c, E_MISSING, "no such policy");
	call_end(c);
}

static void note_total(const Parlor__Kv__V1__UsageRow *row)
{
	const Parlor__Kv__V1__UsageKey *key = row->key;

	if (!key->cost_tag || strcmp(key->cost_tag, "tag#1") != 0)
		return;
	if (strcmp(key->unit, "Invocations") == 0)
		store.invocations = row->quantity;
	else
		store.milliseconds = row->quantity;
	snprintf(store.key, sizeof(store.key), "%s %s %s %s", key->principal,
		 key->resource, key->operation, key->user);
}

static void put_usage(struct call *c)
{
	const Parlor__Kv__V1__PutUsageRequest *request =
	    call_unpack(c, &parlor__kv__v1__put_usage_request__descriptor);

	pthread_mutex_lock(&store.lock);
	for (size_t i = 0; request && i < request->n_totals; i++)
		note_total(request->totals[i]);
	pthread_mutex_unlock(&store.lock);
	call_reply_bytes(c, (struct slice){ 0 });
}

static void nothing(struct call *c)
{
	call_reply_bytes(c, (struct slice){ 0 });
}

static const struct op store_ops[] = {
	{ "PutRolePolicy", put_role_policy, OP_WRITE | OP_PUBLIC, DOOR_CONNECT,
	  NULL },
	{ "DeleteRolePolicy", delete_role_policy, OP_WRITE | OP_PUBLIC,
	  DOOR_CONNECT, NULL },
	{ "PutUsage", put_usage, OP_WRITE | OP_PUBLIC, DOOR_CONNECT, NULL },
	{ "Query", nothing, OP_READ | OP_PUBLIC, DOOR_CONNECT, NULL },
	{ 0 }
};
static const struct op_service store_services[] = {
	{ .name = "parlor.kv.v1.KeyValue", .ops = store_ops }, { 0 }
};

static struct loop *store_loop;
static pthread_t store_thread;

static void *run_store(void *arg)
{
	struct fault fault = { 0 };
	struct http_limits limits = { 0 };
	char address[128];
	struct dispatch *dispatch = dispatch_new(
	    &(struct dispatch_options){
		.services = store_services,
		.descriptors = descriptor_set_parlor(),
	    },
	    &fault);
	struct http_server *server =
	    http_server_new(&limits, dispatch_handler(dispatch), NULL);

	(void)arg;
	snprintf(address, sizeof(address), "unix:%s", data_dir_in(&dir, "kv"));
	http_server_listen(server, store_loop, address, NULL, 0, &fault);
	data_dir_check(&fault);
	loop_run(store_loop);
	http_server_free(server);
	dispatch_free(dispatch);
	loop_free(store_loop);
	return NULL;
}

static void start_store(void)
{
	store_loop = loop_new();
	pthread_create(&store_thread, NULL, run_store, NULL);
}

static void stop_store(void)
{
	loop_stop(store_loop);
	pthread_join(store_thread, NULL);
}

/* ---- the daemon --------------------------------------------------------------- */

static pid_t game;
static struct http_ask ask = { .fd = -1 };

static void write_settings(void)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "suite:\n  issuer: %s\n  user_pool_id: local_Test\n  kv: "
		 "unix:%s/kv\n"
		 "  auth: 127.0.0.1:1\n"
		 "game:\n  listen: unix:%s/game\n"
		 "  admin_listen: unix:%s/admin\n  log_file: log\n"
		 "  threads: 2\n  functions_dir: " TEST_FUNCTIONS "\n",
		 DATA_DIR_ISSUER, dir.path, dir.path, dir.path);
	data_dir_write(&dir, "parlor.yaml", slice_of(text));
}

static void deploy(const char *functions)
{
	data_dir_write(&dir, "functions/functions.yaml", slice_of(functions));
}

#define ACT                                                       \
	"functions:\n"                                            \
	"  - name: Act\n    executable: act\n    memory_mb: 32\n" \
	"    rpc: parlor.game.v1.Matches/GetMatch\n"              \
	"    policy: {Version: '2012-10-17'}\n"
#define ECHO                                                             \
	"  - name: Echo\n    executable: echo\n    max_concurrency: 1\n" \
	"    rpc: parlor.game.v1.Matches/PlayMove\n"

static void start_game(void)
{
	char *const arguments[] = { "parlor-game", "--data", dir.path, NULL };

	assert_int_equal(posix_spawn(&game, PARLOR_GAME, NULL, NULL, arguments,
				     environ),
			 0);
	for (int i = 0; i < 1000 && ask.fd < 0; i++) {
		usleep(5000);
		http_ask_connect(&ask, data_dir_in(&dir, "game"));
	}
	assert_true(ask.fd >= 0);
}

static void stop_game(void)
{
	int status;

	kill(game, SIGTERM);
	waitpid(game, &status, 0);
	game = 0;
	assert_int_equal(status, 0);
	http_ask_close(&ask);
}

/* Sends, on a new connection if the old one was closed. */
static int send_request(struct slice bytes)
{
	if (!http_ask_bytes(&ask, bytes)) {
		http_ask_close(&ask);
		assert_true(http_ask_connect(&ask, data_dir_in(&dir, "game")));
		assert_true(http_ask_bytes(&ask, bytes));
	}
	return ask.status;
}

static int get(const char *path)
{
	char request[256];

	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nhost: x\r\n\r\n",
		 path);
	return send_request(slice_of(request));
}

enum { AS_NOBODY, AS_USER, AS_GATEWAY, AS_BOTH };

/* Calls a method with an InvokeRequest. */
static int call(int as, const char *method, const char *act,
		const char *argument)
{
	Parlor__Function__V1__InvokeRequest request =
	    PARLOR__FUNCTION__V1__INVOKE_REQUEST__INIT;
	char headers[8192] = "", token[4096];
	static char bytes[65536];
	uint8_t message[1024];
	size_t used = 0;

	if (as & AS_USER) {
		data_dir_user_token(&dir, "ann", token, sizeof(token));
		used = (size_t)snprintf(headers, sizeof(headers),
					"authorization: Bearer %s\r\n", token);
	}
	if (as & AS_GATEWAY) {
		data_dir_gateway_token(&dir, token, sizeof(token));
		snprintf(headers + used, sizeof(headers) - used,
			 "parlor-caller: %s\r\n", token);
	}
	request.function_name = (char *)(uintptr_t)act;
	request.has_payload = true;
	request.payload.data = (uint8_t *)(uintptr_t)argument;
	request.payload.len = strlen(argument);
	return send_request(slice_make(
	    bytes,
	    http_ask_call(bytes, sizeof(bytes), method, headers,
			  slice_make(message,
				     parlor__function__v1__invoke_request__pack(
					 &request, message)))));
}

/* The answer as an InvokeResponse: its payload and its error. */
static const char *answered(void)
{
	static char text[4096];
	Parlor__Function__V1__InvokeResponse *answer =
	    parlor__function__v1__invoke_response__unpack(NULL, ask.body.size,
							  ask.body.data);

	assert_non_null(answer);
	snprintf(text, sizeof(text), "%s%s%.*s",
		 answer->function_error ? answer->function_error : "",
		 answer->function_error ? " " : "", (int)answer->payload.len,
		 (const char *)answer->payload.data);
	parlor__function__v1__invoke_response__free_unpacked(answer, NULL);
	return text;
}

static void expect(int as, const char *method, const char *act,
		   const char *argument, int status, const char *words)
{
	call(as, method, act, argument);
	if (ask.status != status ||
	    (status == 200 && !strstr(answered(), words)) ||
	    (status != 200 &&
	     !memmem(ask.body.data, ask.body.size, words, strlen(words))))
		fail_msg("%s %s: got %d '%.*s', want %d '%s'", method, act,
			 ask.status, SLICE_ARGS(ask.body), status, words);
}

static const char get_match[] = "parlor.game.v1.Matches/GetMatch";
static const char play_move[] = "parlor.game.v1.Matches/PlayMove";
static const char invoke[] = "parlor.function.v1.Functions/Invoke";
static const char list[] = "parlor.function.v1.Functions/ListFunctions";

static bool becomes_ready(void)
{
	for (int i = 0; i < 1000; i++, usleep(5000))
		if (get("/readyz") == 200)
			return true;
	return false;
}

/* ---- tests -------------------------------------------------------------------- */

static void test_is_ready_when_the_store_has_the_policies(void **state)
{
	(void)state;
	deploy(ACT ECHO);
	start_game();
	usleep(50000);
	assert_int_equal(get("/healthz"), 200);
	assert_int_equal(get("/readyz"), 503);
	start_store();
	assert_true(becomes_ready());
	assert_string_equal(store.roles,
			    "function:Act={\"Version\":\"2012-10-17\"}\n"
			    "function:Echo=none\n");
}

static void test_operations(void **state)
{
	(void)state;
	expect(AS_USER, get_match, "say", "hello", 200, "hello");
	expect(AS_BOTH, get_match, "say", "hello", 200, "hello");
	expect(AS_BOTH, get_match, "tell", "", 200,
	       "Act parlor.game.v1.Matches/GetMatch ");
	expect(AS_BOTH, get_match, "tell", "", 200, " ann name of ann ");
	expect(AS_USER, play_move, "", "echoed", 200, "echoed");
	expect(AS_NOBODY, get_match, "say", "x", 401, "unauthenticated");
	expect(AS_GATEWAY, get_match, "say", "x", 403, "permission_denied");
	expect(AS_USER, "parlor.game.v1.Matches/Resign", "say", "x", 501,
	       "no function serves 'parlor.game.v1.Matches/Resign'");
	expect(AS_USER, get_match, "crash", "", 500, "ended without");
	expect(AS_USER, get_match, "refuse", "it", 400, "refused: it");
	expect(AS_USER, get_match, "say", "goes on", 200, "goes on");
}

static void test_invoke(void **state)
{
	/* the payload is the function's own request */
	static const char say[] = "\x0a\x03say\x12\x02hi";
	static const char leave[] = "\x0a\x05leave";
	static const char refuse[] = "\x0a\x06refuse\x12\x02it";

	(void)state;
	expect(AS_GATEWAY, invoke, "Act", say, 200, "hi");
	expect(AS_GATEWAY, invoke, "Act", leave, 200,
	       "Unhandled {\"errorType\":\"Runtime.ExitError\"");
	expect(AS_GATEWAY, invoke, "Act", refuse, 200,
	       "Handled {\"errorType\"");
	expect(AS_GATEWAY, invoke, "Nobody", say, 404, "no function 'Nobody'");
	expect(AS_NOBODY, invoke, "Act", say, 401, "unauthenticated");
}

static void test_list_functions(void **state)
{
	Parlor__Function__V1__ListFunctionsResponse *answer;

	(void)state;
	expect(AS_USER, list, "", "", 403, "permission_denied");
	assert_int_equal(call(AS_GATEWAY, list, "", ""), 200);
	answer = parlor__function__v1__list_functions_response__unpack(
	    NULL, ask.body.size, ask.body.data);
	assert_int_equal(answer->n_functions, 2);
	assert_string_equal(answer->functions[0]->function_name, "Act");
	assert_int_equal(answer->functions[0]->memory_size, 32);
	assert_true(answer->functions[0]->template_running);
	parlor__function__v1__list_functions_response__free_unpacked(answer,
								     NULL);
}

static void test_usage_reaches_the_store(void **state)
{
	int64_t milliseconds = 0;

	(void)state;
	for (int i = 0; i < 1000 && !milliseconds; i++, usleep(5000)) {
		pthread_mutex_lock(&store.lock);
		if (store.invocations == 2)
			milliseconds = store.milliseconds;
		pthread_mutex_unlock(&store.lock);
	}
	/* two events of `tell`, each a few whole milliseconds of 32 MiB */
	assert_int_equal(milliseconds % (32 << 20), 0);
	assert_in_range(milliseconds / (32 << 20), 2, 2000);
	assert_string_equal(store.key, "function:Act Act GetMatch user:ann");
}

/* Kills what the daemon has started, all the way down. */
static void kill_functions(pid_t parent)
{
	char path[64];
	DIR *threads;
	struct dirent *thread;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)parent);
	threads = opendir(path);
	while (threads && (thread = readdir(threads))) {
		char children[512];
		FILE *file;
		int child;

		snprintf(children, sizeof(children), "%s/%s/children", path,
			 thread->d_name);
		file = fopen(children, "re");
		while (file && fscanf(file, "%d", &child) == 1) {
			kill_functions(child);
			kill(child, SIGKILL);
		}
		if (file)
			fclose(file);
	}
	if (threads)
		closedir(threads);
}

static void test_functions_are_disposable(void **state)
{
	(void)state;
	for (int i = 0; i < 30; i++) {
		expect(AS_USER, get_match, "say", "here", 200, "here");
		expect(AS_USER, play_move, "", "there", 200, "there");
		kill_functions(game);
	}
}

static bool becomes(int status)
{
	for (int i = 0; i < 1000; i++, usleep(5000))
		if (call(AS_USER, play_move, "", "x") == status)
			return true;
	return false;
}

static void test_reload(void **state)
{
	(void)state;
	deploy("functions: [{name: Act, executable: none, rpc: a.B/C}]");
	kill(game, SIGHUP);
	usleep(50000);
	expect(AS_USER, play_move, "", "still", 200, "still");
	deploy(ACT);
	kill(game, SIGHUP);
	assert_true(becomes(501));
	expect(AS_USER, get_match, "say", "stays", 200, "stays");
	deploy(ACT ECHO);
	kill(game, SIGHUP);
	assert_true(becomes(200));
}

static void test_ends_with_its_functions(void **state)
{
	(void)state;
	expect(AS_USER, get_match, "say", "last", 200, "last");
	stop_game();
	stop_store();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_ready_when_the_store_has_the_policies),
		cmocka_unit_test(test_operations),
		cmocka_unit_test(test_invoke),
		cmocka_unit_test(test_list_functions),
		cmocka_unit_test(test_usage_reaches_the_store),
		cmocka_unit_test(test_functions_are_disposable),
		cmocka_unit_test(test_reload),
		cmocka_unit_test(test_ends_with_its_functions),
	};
	int failed;

	data_dir_make(&dir);
	write_settings();
	failed = cmocka_run_group_tests_name("game", tests, NULL, NULL);
	if (game > 0)
		kill(game, SIGKILL);
	if (failed && system("tail -30 /tmp/parlor-test-*/log") < 0)
		return 2;
	data_dir_release(&dir);
	return failed;
}
