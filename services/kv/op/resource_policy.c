/* services/kv/op/resource_policy.c - the policy of a table */
#include "lib/base/random.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/permit.h"
#include "services/kv/op/policies.h"
#include "services/kv/op/table_row.h"

enum { REVISION = 20, ARN_MAX = 1283, EXPECTED_MAX = 255 };

struct change {
	struct catalog_change change;
	struct slice policy, revision; /* as they will be; empty: none */
	struct slice expected;
	policy_done_fn *done;
};

static int refuse_missing(struct fault *why, struct slice name)
{
	return fault_set(why, E_POLICY_MISSING,
			 "Resource-based policy not found for the provided "
			 "ResourceArn: table '%.*s' has none",
			 SLICE_ARGS(name));
}

static int check_revision(const struct change *k,
			  const struct catalog_table *table, struct fault *why)
{
	struct slice have =
	    table->policy_text.size ? table->policy_id : SLICE("NO_POLICY");

	if (!k->expected.data || slice_equal(k->expected, have))
		return 0;
	return fault_set(why, E_POLICY_MISSING,
			 "ExpectedRevisionId: the policy's revision is '%.*s'",
			 SLICE_ARGS(have));
}

static int decide(struct catalog_change *change, struct arena *mem,
		  struct slice have, struct fault *why)
{
	const struct change *k = change->arg;
	struct catalog_table table;

	if (!have.data)
		return fault_set(why, E_MISSING,
				 "Requested resource not found");
	if (table_row_read(have, mem, &table, why) < 0 ||
	    check_revision(k, &table, why) < 0)
		return -why->code;
	table.policy_text = k->policy;
	table.policy_id = k->revision;
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
	const struct catalog_table *table;

	if (check_form(c, arn, policy, expected))
		return NULL;
	table = kv_find_table(c, arn);
	if (table && table->system) {
		call_fail(c, E_MISSING, "Requested resource not found");
		return NULL;
	}
	return table;
}

static void change_policy(struct call *c, const struct catalog_table *table,
			  struct change change)
{
	struct change *k = arena_alloc(c->mem, sizeof(*k));

	if (call_status(c) < 0) {
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
		policy_free(policy_new(policy, POLICY_OF_RESOURCE, &c->fault));
	if (revision)
		random_text(revision, REVISION, "0123456789");
	change_policy(c, table,
		      (struct change){ .policy = policy,
				       .revision = slice_of(revision),
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
		refuse_missing(&c->fault, table->table.name);
		return NULL;
	}
	return table;
}
