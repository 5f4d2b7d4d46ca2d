/* services/game/store/policies.c - the functions' policies, told to parlor-kv */
#include "services/game/store/policies.h"
#include "lib/meter/log.h"

#include "parlor/kv/v1/kv.pb-c.h"

#include <stdlib.h>

enum { CALL_MS = 5000, RETRY_FIRST_MS = 50, RETRY_LAST_MS = 2000 };

static const char policy_name[] = "functions.yaml";

struct policies {
	struct rpc_client *kv;
	struct host_deployment *deployment; /* held, or NULL */
	size_t next;			    /* function to be told of */
	struct rpc_call call;
	bool calling;
	struct arena mem; /* of the call */
	struct timer retry;
	int64_t retry_ms;
	int stored; /* atomic */
};

static void step(struct policies *p);

static const struct host_function *function(const struct policies *p)
{
	return host_deployment_at(p->deployment, p->next);
}

static void on_retry(struct timer *timer)
{
	step(LIST_ENTRY(timer, struct policies, retry));
}

static void on_done(struct rpc_call *call)
{
	struct policies *p = LIST_ENTRY(call, struct policies, call);
	const struct fault *fault = &call->fault;
	/* what isn't there is deleted already */
	bool done = fault->code == E_NONE ||
		    (!function(p)->policy && fault->code == E_MISSING);

	p->calling = false;
	if (done) {
		p->next++;
		p->retry_ms = RETRY_FIRST_MS;
		step(p);
		return;
	}
	if (p->retry_ms == RETRY_LAST_MS)
		log_warn("function %s: parlor-kv has not taken its policy: %s",
			 function(p)->name, fault->message);
	timer_set(&p->retry, p->retry_ms);
	p->retry_ms *= 2;
	if (p->retry_ms > RETRY_LAST_MS)
		p->retry_ms = RETRY_LAST_MS;
}

static void call(struct policies *p, const char *method,
		 const ProtobufCMessage *request)
{
	p->call = (struct rpc_call){
		.method = method,
		.request = request,
		.timeout_ms = CALL_MS,
		.idempotent = true,
		.mem = &p->mem,
		.done = on_done,
	};
	p->calling = true;
	rpc_client_call(p->kv, &p->call);
}

static void put(struct policies *p, const char *role, const char *document)
{
	Parlor__Kv__V1__PutRolePolicyRequest request =
	    PARLOR__KV__V1__PUT_ROLE_POLICY_REQUEST__INIT;

	request.role_name = (char *)(uintptr_t)role;
	request.policy_name = (char *)(uintptr_t)policy_name;
	request.policy_document = (char *)(uintptr_t)document;
	call(p, "parlor.kv.v1.KeyValue/PutRolePolicy", &request.base);
}

/* A function without a policy may do nothing, whatever was there before. */
static void take_away(struct policies *p, const char *role)
{
	Parlor__Kv__V1__DeleteRolePolicyRequest request =
	    PARLOR__KV__V1__DELETE_ROLE_POLICY_REQUEST__INIT;

	request.role_name = (char *)(uintptr_t)role;
	request.policy_name = (char *)(uintptr_t)policy_name;
	call(p, "parlor.kv.v1.KeyValue/DeleteRolePolicy", &request.base);
}

static void step(struct policies *p)
{
	const struct host_function *f = function(p);
	char role[128];

	arena_reset(&p->mem);
	if (!f) {
		log_info("parlor-kv has the policies of %zu functions",
			 p->next);
		__atomic_store_n(&p->stored, 1, __ATOMIC_RELEASE);
		return;
	}
	snprintf(role, sizeof(role), "function:%s", f->name);
	if (f->policy)
		put(p, role, f->policy);
	else
		take_away(p, role);
}

struct policies *policies_new(struct loop *loop, struct rpc_client *kv)
{
	struct policies *p = calloc(1, sizeof(*p));

	if (!p)
		abort(); /* lack of memory ends the process */
	p->kv = kv;
	arena_init(&p->mem, 4 << 20);
	timer_init(&p->retry, loop, on_retry);
	return p;
}

static void give_up(struct policies *p)
{
	if (p->calling)
		rpc_client_cancel(p->kv, &p->call);
	p->calling = false;
	timer_cancel(&p->retry);
	if (p->deployment)
		host_deployment_release(p->deployment);
}

void policies_free(struct policies *p)
{
	give_up(p);
	timer_release(&p->retry);
	arena_release(&p->mem);
	free(p);
}

void policies_store(struct policies *p, struct host_deployment *d)
{
	give_up(p);
	p->deployment = host_deployment_hold(d);
	p->next = 0;
	p->retry_ms = RETRY_FIRST_MS;
	step(p);
}

bool policies_stored(const struct policies *p)
{
	return __atomic_load_n(&p->stored, __ATOMIC_ACQUIRE);
}
