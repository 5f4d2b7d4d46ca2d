/* services/kv/access/policy.h - a policy in IAM's JSON, compiled once
 *
 * A document is read and checked when it is put, and kept in a compiled form
 * that is immutable, so any thread may evaluate it, without allocation. What
 * isn't supported is refused by its name and place ("Statement[1].NotPrincipal
 * is not supported"), so nobody relies on a rule that does not hold.
 *
 *   Version     "2012-10-17"; required, since older ones know no variables
 *   Statement   one, or a list, of Sid, Effect, Action or NotAction, Resource,
 *               Condition and, in a resource's policy only, Principal
 *   Principal   "*", or {"Parlor": P or [P…]} where P is "*", "anonymous",
 *               "user:…", "group:…", "service:…" or "function:…" with * and ?
 *               in it; or {"AWS": A or [A…]} where A is "*" or, in an Allow,
 *               an account, which is nobody but its administrators
 *   Action      "*", "dynamodb:…" or "cognito-idp:…", in any case, with * and
 *               ?
 *   Resource    "*" or an ARN, with *, ? and variables
 *   Condition   StringEquals, StringEqualsIgnoreCase, StringLike and their Not
 *               forms (all with IfExists and, for keys of several values,
 *               ForAllValues: or ForAnyValue:) and Null, on
 *               dynamodb:LeadingKeys, Attributes, Select, ReturnValues,
 *               ReturnConsumedCapacity and EnclosingOperation
 *   Variables   ${sub}, ${username}, ${groups} of the end user, and ${*} ${?}
 *               ${$} for these characters themselves. One without a value
 *               matches nothing, nor lets a Not form of an Allow hold;
 *               ${groups} stands for any one group.
 *
 * What a policy hides can't be asked about either. A request names all that it
 * touches, and where it speaks of whole items (no projection, ALL_OLD, their
 * size as capacity) it touches every attribute. An Allow that lists attributes
 * is for Select SPECIFIC_ATTRIBUTES, unless it names another Select itself: a
 * COUNT is a right of its own.
 */
#ifndef PARLOR_KV_POLICY_H
#define PARLOR_KV_POLICY_H

#include "lib/base/fault.h"
#include "lib/crypto/principal.h"

enum { POLICY_SIZE_MAX = 20480, POLICY_STATEMENTS_MAX = 64 };

struct policy;

enum policy_kind {
	POLICY_OF_RESOURCE, /* a table's: each statement has a Principal */
	POLICY_OF_ROLE,	    /* a function's or service's: none has one */
};

/* Compiles a document. NULL, with E_INVALID and the place in the fault, when it
 * is malformed, too large, or uses what isn't supported. The owner frees it;
 * `json` is not kept. */
struct policy *policy_new(struct slice json, enum policy_kind, struct fault *);
void policy_free(struct policy *);

/* The values of a condition key that may have several. `every`: whatever
 * values there are, such as the leading keys of a Scan, or the attributes of an
 * answer without a projection. No value at all and not `every`: the key is
 * absent. */
struct policy_values {
	const struct slice *rows;
	size_t count;
	bool every;
};

/* What somebody asks for. Batches and transactions ask once for each of their
 * items: a batch with its own action, a transaction with that of the item. */
struct policy_request {
	const struct principal *principal; /* who decides */
	const struct principal *user;	   /* whose variables; may be NULL */
	const char *action;		   /* "dynamodb:GetItem" */
	struct slice resource; /* ARN of the table, or of its index */
	struct policy_values leading_keys; /* partition keys, as their text */
	struct policy_values attributes;   /* top-level names touched */
	struct slice select;		   /* "SPECIFIC_ATTRIBUTES"; or empty */
	struct slice return_values;	   /* "ALL_OLD"; or empty */
	struct slice capacity;	/* ReturnConsumedCapacity, "TOTAL"; or empty */
	struct slice enclosing; /* "TransactGetItems"; or empty */
};

enum policy_effect {
	POLICY_NONE, /* no statement applies: refused */
	POLICY_ALLOW,
	POLICY_DENY, /* wins over any allow */
};

/* The statement that decided. */
struct policy_verdict {
	enum policy_effect effect;
	const struct policy *policy; /* NULL with POLICY_NONE */
	size_t statement;	     /* its index there */
	const char *sid;	     /* "" when it has none */
};

/* ---- explaining ------------------------------------------------------------
 */

struct policy_statement_view {
	const char *sid; /* "" when it has none */
	bool deny;
	/* the first part of it that does not fit the request, as "Action" or
	 * "ForAnyValue:StringLike dynamodb:Attributes"; NULL: it applies */
	const char *mismatch;
};

/* How many it has, and one of them. */
size_t policy_statements(const struct policy *);
struct policy_statement_view policy_explain(const struct policy *,
					    size_t statement,
					    const struct policy_request *);

/* ---- evaluating ------------------------------------------------------------
 */

/* Evaluates several policies as one; NULLs among them are skipped. */
struct policy_verdict policy_evaluate(const struct policy *const *policies,
				      size_t count,
				      const struct policy_request *);

#endif
