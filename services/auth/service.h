/* services/auth/service.h - what parlor-auth is while it runs
 *
 * The callbacks of main.c: they make struct auth out of settings, and follow
 * the pool's signing keys on the first I/O thread.
 */
#ifndef PARLOR_AUTH_SERVICE_H
#define PARLOR_AUTH_SERVICE_H

#include "services/auth/api/api.h"
#include "services/auth/settings.h"
#include "services/auth/web/web.h"

void *auth_start(struct daemon_state *, struct fault *);
void *auth_thread_start(struct daemon_state *, void *service, struct loop *);
int auth_reload(struct daemon_state *, void *service, struct fault *);
void auth_end_work(void *service);
void auth_stop(void *service);

/* Ready when there is a key to sign with, and the pools are known. */
bool auth_ready(void *service);

#endif
