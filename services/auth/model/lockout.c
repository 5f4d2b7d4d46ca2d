/* services/auth/model/lockout.c - how long guessing is shut out */
#include "services/auth/model/lockout.h"

enum { DOUBLINGS = 10 }; /* more than the maximum */

bool auth_failures_are_old(const struct auth_failures *f, int64_t now_ms)
{
	return !f->count || f->last_ms + AUTH_LOCKOUT_MAX <= now_ms;
}

int64_t auth_lockout_end(const struct auth_failures *f)
{
	int64_t extra = f->count - AUTH_FAILURES, ms;

	if (extra < 0)
		return 0;
	ms = (int64_t)1000 << (extra < DOUBLINGS ? extra : DOUBLINGS);
	return f->last_ms + (ms < AUTH_LOCKOUT_MAX ? ms : AUTH_LOCKOUT_MAX);
}
