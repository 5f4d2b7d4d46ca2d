/* links: service_kv
 *
 * tests/fuzz/policy.c - documents of strangers never stop the store
 *
 * The first byte chooses the kind; what compiles is evaluated as well.
 */
#include "services/kv/access/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct principal user = { .kind = PRINCIPAL_USER,
					.text = SLICE("user:a1"),
					.sub = SLICE("a1"),
					.groups = SLICE("red,,blue") };
	const struct slice key = SLICE("view#a1");
	struct policy_request request = {
		.principal = &user,
		.user = &user,
		.action = "dynamodb:Query",
		.resource = SLICE("arn:aws:dynamodb:r:0:table/t/index/i"),
		.leading_keys = { &key, 1, false },
		.attributes = { NULL, 0, true },
	};
	struct fault fault = { 0 };
	struct policy *policy;

	if (size == 0)
		return 0;
	policy = policy_new(slice_make(data + 1, size - 1),
			    data[0] % 2 ? POLICY_OF_ROLE : POLICY_OF_RESOURCE,
			    &fault);
	if (policy) {
		const struct policy *policies[] = { policy };

		policy_evaluate(policies, 1, &request);
	}
	policy_free(policy);
	return 0;
}
