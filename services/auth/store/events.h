/* services/auth/store/events.h - the audit log, as items of parlor.audit
 *
 * A partition a name, in any case of its letters, in the order of time. Events
 * are written once and never changed; they expire.
 */
#ifndef PARLOR_AUTH_EVENTS_H
#define PARLOR_AUTH_EVENTS_H

#include "services/auth/model/event.h"
#include "services/auth/store/kv.h"

struct auth_events {
	const struct auth_event *rows;
	size_t count;
	struct slice next; /* the place behind which there are more; or empty */
};

/* The write of one that is kept until `expires_at` (seconds), alone or in a
 * transaction. */
struct kv_write auth_events_write(struct call *, const struct auth_event *,
				  int64_t expires_at);

void auth_events_put(struct call *, const struct auth_event *,
		     int64_t expires_at, auth_next_fn *next);

/* The latest events of the name before the place `before` (empty: of all), the
 * latest first, `limit` at most. */
void auth_events_list(struct call *, struct slice name, struct slice before,
		      size_t limit, struct auth_events *out,
		      auth_next_fn *next);

#endif
