/* lib/daemon/follow.c - what a daemon keeps up with, a second behind at most */
#include "lib/base/clock.h"
#include "lib/crypto/revocations.h"
#include "lib/daemon/state.h"
#include "lib/meter/log.h"
#include "lib/meter/metric.h"

enum { TICK_MS = 1000, SWEEP_TICKS = 60, FOLLOW_BYTES = 8 << 20 };

bool follower_begin(struct follower *f)
{
	if (f->busy)
		return false;
	f->busy = true;
	arena_reset(&f->mem);
	return true;
}

void follower_end(struct follower *f, const struct fault *fault)
{
	struct buffer labels;

	f->busy = false;
	if (!fault->code) {
		if (f->failing)
			log_info("%s are followed again", f->what);
		f->failing = false;
		return;
	}
	buffer_init(&labels, 256);
	metric_label(&labels, "what", slice_of(f->what));
	buffer_put_byte(&labels, 0);
	metric_add(metric_counter("parlor_follow_failures_total",
				  "Calls to keep up with others that failed.",
				  (const char *)buffer_slice(&labels).data),
		   1);
	buffer_release(&labels);
	if (!f->failing)
		log_warn("cannot follow %s: %s", f->what, fault->message);
	f->failing = true;
}

void follower_init(struct follower *f, struct daemon_state *s, const char *what)
{
	*f = (struct follower){ .state = s, .what = what };
	arena_init(&f->mem, FOLLOW_BYTES);
}

static void tick(struct timer *timer)
{
	struct follow *f = LIST_ENTRY(timer, struct follow, tick);
	struct daemon_state *s = LIST_ENTRY(f, struct daemon_state, follow);

	for (size_t i = 0; i < s->target_count; i++)
		target_follow(s->targets[i]);
	if (f->ticks++ % SWEEP_TICKS == 0)
		revocations_sweep(s->revocations, clock_wall_ms() / 1000);
	follow_keys(s);
	follow_issuers(s);
	follow_revocations(s);
	follow_usage(s);
	timer_set(&f->tick, TICK_MS);
}

void follow_start(struct daemon_state *s)
{
	struct follow *f = &s->follow;

	f->kv = s->follower.kv;
	follower_init(&f->keys.base, s, "users' keys");
	follower_init(&f->revoked.base, s, "revocations");
	buffer_init(&f->revoked.after, 2048);
	follower_init(&f->usage.base, s, "usage totals");
	follow_keys_start(s);
	follow_issuers_start(s);
	timer_init(&f->tick, s->follower.loop, tick);
	timer_set(&f->tick, 0);
}

void follow_stop(struct daemon_state *s)
{
	struct follow *f = &s->follow;

	timer_cancel(&f->tick);
	timer_release(&f->tick);
	follow_keys_stop(s);
	follow_issuers_stop(s);
	if (f->revoked.base.busy)
		rpc_client_cancel(f->kv, &f->revoked.call);
	if (f->usage.base.busy)
		rpc_client_cancel(f->kv, &f->usage.call);
	arena_release(&f->keys.base.mem);
	arena_release(&f->revoked.base.mem);
	arena_release(&f->usage.base.mem);
	buffer_release(&f->revoked.after);
}
