/* clients/cli/cli.h - one run of the parlor command
 *
 * This room is the command line client: a table of commands (command.h), what
 * they ask of the daemons (ask.h), who is signed in (profile.h) and where the
 * suite is (endpoints.h). It is a client as any other: what it can do, a
 * program of yours can do with the same messages.
 *
 * A run owns its memory and one fault. Functions return 0 or a negative code
 * with the words in the fault; main prints them and turns the code into the
 * exit status.
 */
#ifndef PARLOR_CLI_H
#define PARLOR_CLI_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/rpc/json.h"

enum exit_status {
	EXIT_OK,
	EXIT_REFUSED,	  /* somebody said no */
	EXIT_USAGE,	  /* the arguments can't be used */
	EXIT_UNREACHABLE, /* nobody answered */
};

enum endpoint { AT_AUTH, AT_KV, AT_GATEWAY, AT_GAME, AT_COUNT };

/* What the suite's file says; NULL where it doesn't. */
struct endpoints {
	const char *base[AT_COUNT]; /* "http://127.0.0.1:8081" */
	const char *client_id, *region, *user_pool_id;
	const char *admin; /* file of the administrator's key */
};

struct connection; /* connection.h */

struct cli {
	/* options */
	bool json;
	const char *endpoints_file;
	const char *profile_name; /* NULL unless named */
	const char *email;
	bool password_stdin, guest;
	const char *data, *port_base, *deploy; /* of init */
	const char *opponent, *level;	       /* of a new match */
	const char *principal, *policy;	       /* of a new access key */
	/* of what a policy is asked, lists with commas */
	const char *ask_keys, *ask_attributes, *ask_select, *ask_returns;
	const char *ask_groups, *ask_sub, *ask_service;
	/* arguments of the command */
	char **arguments;
	int argument_count;
	/* the run's */
	struct arena life; /* what stays until its end */
	struct arena mem;  /* the rest; who goes on for long resets it */
	struct fault fault;
	struct endpoints endpoints; /* see endpoints_need */
	struct connection *connections;
	struct loop *loop;
	struct slice answer;  /* of the last ask, as it came */
	bool tells_exception; /* a refusal begins with AWS's name for it */
};

/* Runs the command line: the exit status. */
int cli_main(int argc, char **argv);

#define cli_fail(c, code, ...) fault_set(&(c)->fault, code, __VA_ARGS__)

/* The run failed because of its arguments. */
#define cli_misuse(c, ...) cli_fail(c, E_PARAMETER, __VA_ARGS__)

/* Argument `i`, or NULL. */
static inline const char *cli_argument(const struct cli *c, int i)
{
	return i < c->argument_count ? c->arguments[i] : NULL;
}

/* Prints the last answer, a message of that full name, as a line of JSON. */
int cli_print_json(struct cli *, const char *message, unsigned json_flags);

#endif
