/* services/kv/op/resource_policy.c - the policy of a table */
#include "lib/base/random.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/permit.h"
#include "services/kv/op/policies.h"
#include "services/kv/op/table.h"
#include "services/kv/op/table_row.h"

enum { REVISION = 20, REVISION_MAX = 36, ARN_MAX = 1283, EXPECTED_MAX = 255 };

struct change {
	struct catalog_change change;
	struct slice policy; /* as it will be; empty: none */
	struct slice fresh;  /* its revision, if it is another one */
	struct slice expected;
	char had[REVISION_MAX + 1]; /* the table's revision until then */
	struct slice revision;	    /* of the policy that is put, or goes */
	policy_done_fn *done;
};

#define NOT_FOUND \
	"Resource-based policy not found for the provided ResourceArn: "
#define INVALID "One or more parameter values were invalid: "

/* That it has another revision, or none, or shouldn't have one. */
static int check_revision(const struct change *k,
			  const struct catalog_table *table, struct fault *why)
{
	static const struct slice none = { (const uint8_t *)"NO_POLICY", 9 };
	struct slice name = table->table.name;
	struct slice have = table->policy_text.size ? table->policy_id : none;

	if (!k->expected.data || slice_equal(k->expected, have))
		return 0;
	if (slice_equal(k->expected, none))
		return fault_set(why, E_POLICY_MISSING,
				 NOT_FOUND
				 "Requested policy update expecting none to be "
				 "present for table %.*s, but a policy exists "
				 "with revision id %.*s.",
				 SLICE_ARGS(name), SLICE_ARGS(have));
	return fault_set(why, E_POLICY_MISSING,
			 NOT_FOUND
			 "Requested update for policy with revision id %.*s, "
			 "but the policy associated to target table %.*s has "
			 "revision id %.*s.",
			 SLICE_ARGS(k->expected), SLICE_ARGS(name),
			 SLICE_ARGS(have));
}

static int decide(struct catalog_change *change, struct arena *mem,
		  struct slice have, struct fault *why)
{
	struct change *k = change->arg;
	struct catalog_table table;

	if (!have.data)
		return table_refuse_missing(why, change->name);
	if (table_row_read(have, mem, &table, why) < 0 ||
	    check_revision(k, &table, why) < 0)
		return -why->code;
	snprintf(k->had, sizeof(k->had), "%.*s", SLICE_ARGS(table.policy_id));
	k->revision =
	    !k->policy.size || slice_equal(k->policy, table.policy_text)
		? slice_of(*k->had ? k->had : NULL)
		: k->fresh;
	table.policy_text = k->policy;
	table.policy_id = k->policy.size ? k->revision : SLICE("");
	change->row = table_row_write(&table, mem);
	return 0;
}

static void changed(struct call *c, struct catalog_change *change)
{
	struct change *k = change->arg;

	k->done(c, k->revision);
}

static int check_form(struct call *c, struct slice arn, struct slice policy,
		      struct slice expected)
{
	struct complaints complaints = { .count = 0 };

	complain_null(&complaints, arn, "resourceArn");
	complain_length(&complaints, arn, "resourceArn", 1, ARN_MAX);
	complain_null(&complaints, policy, "policy");
	complain_length(&complaints, expected, "expectedRevisionId", 1,
			EXPECTED_MAX);
	return complaints_end(&complaints, &c->fault);
}

/* The table that is asked about; system tables have no policy. */
static const struct catalog_table *find(struct call *c, struct slice arn,
					struct slice policy,
					struct slice expected)
{
	return check_form(c, arn, policy, expected) ? NULL : table_find(c, arn);
}

int kv_check_resource_policy(struct slice policy, struct fault *why)
{
	struct fault wrong = { 0 };
	struct policy *read;

	if (policy.size > POLICY_SIZE_MAX)
		return fault_set(why, E_INVALID,
				 INVALID "Maximum policy size of %d bytes "
					 "exceeded",
				 POLICY_SIZE_MAX);
	read = policy_new(policy, POLICY_OF_RESOURCE, &wrong);
	policy_free(read);
	return read ? 0
		    : fault_set(why, E_INVALID,
				INVALID "Invalid policy document: %s",
				wrong.message);
}

static void change_policy(struct call *c, const struct catalog_table *table,
			  struct change change)
{
	struct change *k = arena_alloc(c->mem, sizeof(*k));

	if (call_status(c) < 0 || !table || !k) {
		change.done(c, SLICE(""));
		return;
	}
	*k = change;
	k->change = (struct catalog_change){ .kind = CATALOG_TABLE,
					     .name = table->table.name,
					     .decide = decide,
					     .done = changed,
					     .arg = k };
	catalog_change(c, &k->change);
}

void kv_put_resource_policy(struct call *c, struct slice arn,
			    struct slice policy, struct slice expected,
			    policy_done_fn *done)
{
	const struct catalog_table *table = find(c, arn, policy, expected);
	char *revision = arena_alloc(c->mem, REVISION + 1);

	if (table)
		kv_check_resource_policy(policy, &c->fault);
	if (revision)
		random_text(revision, REVISION, "0123456789");
	change_policy(c, table,
		      (struct change){ .policy = policy,
				       .fresh = slice_of(revision),
				       .expected = expected,
				       .done = done });
}

void kv_delete_resource_policy(struct call *c, struct slice arn,
			       struct slice expected, policy_done_fn *done)
{
	const struct catalog_table *table = find(c, arn, SLICE(""), expected);

	change_policy(c, table,
		      (struct change){ .expected = expected, .done = done });
}

const struct catalog_table *kv_get_resource_policy(struct call *c,
						   struct slice arn)
{
	const struct catalog_table *table =
	    find(c, arn, SLICE(""), slice_of(NULL));

	if (table && !table->policy_text.size) {
		call_fail(c, E_POLICY_MISSING, NOT_FOUND "%.*s",
			  SLICE_ARGS(kv_arn(c, &table->table, NULL)));
		return NULL;
	}
	return table;
}
