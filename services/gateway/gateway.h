/* services/gateway/gateway.h - the gateway as the skeleton sees it
 *
 * Configured, not coded: what it answers, who does it and who may ask stand in
 * its section of parlor.yaml (settings.c). A request passes route, map and
 * forward; none of them knows a service by name.
 */
#ifndef PARLOR_GATEWAY_GATEWAY_H
#define PARLOR_GATEWAY_GATEWAY_H

#include "lib/daemon/daemon.h"

void *gateway_start(struct daemon_state *, struct fault *);
void *gateway_thread_start(struct daemon_state *, void *service, struct loop *);
void gateway_thread_stop(void *service, void *thread);
int gateway_reload(struct daemon_state *, void *service, struct fault *);
void gateway_stop(void *service);

/* What it serves itself: parlor.gateway.v1.Gateway. */
extern const struct op_service gateway_services[];

#endif
