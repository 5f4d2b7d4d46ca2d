/* lib/rpc/json_aws.h - what AWS's services say of JSON that does not fit
 *
 * Their readers are Java's, and a value of another type is refused in words that
 * clients and tests know: "NUMBER_VALUE cannot be converted to String". Used by
 * the transcoder only (json.h), where it reads AWS's form.
 */
#ifndef PARLOR_RPC_JSON_AWS_H
#define PARLOR_RPC_JSON_AWS_H

#include "lib/rpc/descriptor.h"
#include "lib/rpc/json_text.h"

/* Where the value at hand stands. */
enum json_aws_place {
	JSON_AWS_FIELD,	 /* all of a field: its list or map, or its one value */
	JSON_AWS_MEMBER, /* one of a field's list or map */
};

/* Fails when the value at hand begins like none of the field's; null is left to
 * who reads it. */
void json_aws_expect(struct json_text *, const struct descriptor_field *,
		     enum json_aws_place);

/* Fails unless it is base64 in its one form, with padding. */
void json_aws_base64(struct json_text *, struct slice);

/* A boolean in quotes, as "true", "1" or "yes". */
bool json_aws_bool(struct json_text *, struct slice);

#endif
