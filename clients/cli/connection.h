/* clients/cli/connection.h - calls to a daemon, one after the other
 *
 * The suite's own client on a loop that runs just while an answer is awaited.
 * Connections to the daemons asked before are kept.
 */
#ifndef PARLOR_CLI_CONNECTION_H
#define PARLOR_CLI_CONNECTION_H

#include "clients/cli/cli.h"
#include "lib/rpc/client.h"

struct connection;

/* The connection to a base URL ("http://127.0.0.1:8080"), which stays, made
 * when it is first asked for; NULL and failed when it can't be one. */
struct connection *connection_to(struct cli *, const char *base_url);

/* "127.0.0.1:8080": the Host header that requests carry. */
const char *connection_host(const struct connection *);

/* Makes the call and waits until it is over; its memory is the run's. */
void connection_call(struct cli *, struct connection *, struct rpc_call *);

/* Closes all. */
void connections_release(struct cli *);

#endif
