/* services/kv/op/simulate.h - what policies would say, and why
 *
 * The same evaluation that every request goes through, for a request that
 * nobody makes. For administrators.
 */
#ifndef PARLOR_KV_SIMULATE_H
#define PARLOR_KV_SIMULATE_H

#include "services/kv/op/permit.h"

enum { SIMULATED_MAX = 100 }; /* evaluations of one call */

/* A statement, and what it had to say. */
struct simulated_statement {
	struct slice policy; /* "table game", "function:F f" */
	size_t index;
	struct policy_statement_view view;
};

struct simulated {
	struct policy_verdict verdict; /* of `effect` and words */
	bool allowed;
	const char *because; /* AWS's words when it is refused */
	struct simulated_statement *statements;
	size_t count;
};

/* A principal of its text ("user:SUB", "function:NAME"; "key:ID" is whoever signs
 * with that access key); the rest of it is the caller's to set. -E_INVALID and the call has failed when it is none. */
int kv_simulated_principal(struct call *, struct slice text,
			   struct principal *);

/* Into `out`, in the call's memory. 0, or the call has failed. */
int kv_simulate(struct call *, const struct policy_request *,
		struct simulated *out);

#endif
