/* services/auth/op/mailer.h - takes letters out of the queue to the mail server
 *
 * One letter at a time: it is moved in the queue to a later time, by which this
 * replica has it, sent on the thread of the mail, and taken out. What the server
 * does not take now it is given again, later each time, for a day; what it takes
 * never is taken out at once. A server that isn't there is left alone for a
 * while. A replica that ends leaves its letter to whoever finds it due: so it may
 * arrive twice, but not never.
 */
#ifndef PARLOR_AUTH_MAILER_H
#define PARLOR_AUTH_MAILER_H

#include "services/auth/op/auth.h"
#include "services/auth/store/letters.h"

struct auth_mailer;
struct rpc_client;

/* Works on that loop, with the loop's client of the store, once a server is
 * configured. */
struct auth_mailer *auth_mailer_new(struct auth *, struct loop *,
				    struct rpc_client *);

/* Any thread: there is a letter. */
void auth_mailer_ring(struct auth_mailer *);

/* When auth.mail has ended, and what it posted has run. */
void auth_mailer_free(struct auth_mailer *);

#endif
