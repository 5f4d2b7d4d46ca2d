/* tests/wire/rpc/echo_daemon.c - the test service behind a port of its own
 *
 * usage: echo_daemon [ADDRESS]. Prints the address it listens on as its first
 * line and serves until SIGTERM.
 */
#include "lib/net/http_server.h"
#include "lib/rpc/dispatch.h"
#include "tests/wire/rpc/echo_service.h"

#include <signal.h>

static struct loop *loop;

static void stop(int signal_number)
{
	(void)signal_number;
	_Exit(0);
}

int main(int argc, char **argv)
{
	const char *address = argc > 1 ? argv[1] : "127.0.0.1:0";
	struct fault fault = { 0 };
	struct dispatch_options options = {
		.services = echo_services,
		.descriptors = echo_descriptors(),
		.body_max_anonymous = 6 << 20,
	};
	struct dispatch *dispatch = dispatch_new(&options, &fault);
	struct http_server *server;
	char bound[64];

	signal(SIGTERM, stop);
	signal(SIGPIPE, SIG_IGN);
	if (!dispatch) {
		fprintf(stderr, "%s\n", fault.message);
		return 1;
	}
	loop = loop_new();
	server = http_server_new(NULL, dispatch_handler(dispatch), NULL);
	if (http_server_listen(server, loop, address, bound, sizeof(bound),
			       &fault) != 0) {
		fprintf(stderr, "%s\n", fault.message);
		return 1;
	}
	printf("%s\n", bound);
	fflush(stdout);
	loop_run(loop);
	return 0;
}
