/* clients/cli/init.h - what a suite is to be, before its files are written */
#ifndef PARLOR_CLI_INIT_H
#define PARLOR_CLI_INIT_H

#include "clients/cli/cli.h"

enum { INIT_DAEMONS = 4, INIT_PATH = 4096 };

struct init_daemon {
	const char *section; /* "kv" */
	int port, admin_port;
};

struct init_plan {
	char data[INIT_PATH], deploy[INIT_PATH], functions[INIT_PATH];
	char web[INIT_PATH];	  /* the web client's files, if built */
	char prices[INIT_PATH];	  /* the example of a price sheet */
	char programs[INIT_PATH]; /* where the daemons' executables lie */
	char user_pool_id[16], client_id[27];
	bool own_ports; /* not the usual ones */
	struct init_daemon daemons[INIT_DAEMONS];
};

/* parlor.yaml: each daemon's commented example, with what this suite's values
 * are in place of the comments. A daemon that is not installed has only its
 * values. */
int init_settings(struct cli *, const struct init_plan *, struct buffer *);

#endif
