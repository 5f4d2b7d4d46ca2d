/* lib/rpc/json_known.h - texts of the well-known types
 *
 * Timestamp, Duration and FieldMask are strings in JSON; here is what the
 * strings say. Used by the transcoder only (json.h).
 */
#ifndef PARLOR_RPC_JSON_KNOWN_H
#define PARLOR_RPC_JSON_KNOWN_H

#include "lib/base/buffer.h"

/* Timestamp and Duration: both fields of either. */
struct json_instant {
	int64_t seconds;
	int32_t nanos;
};

/* RFC 3339, years 0001 to 9999, any offset. Return 0 or -E_INVALID. */
int json_timestamp_read(struct slice, struct json_instant *);
int json_timestamp_put(struct buffer *, const struct json_instant *);

/* "-1.5s", to 315,576,000,000 seconds either way. */
int json_duration_read(struct slice, struct json_instant *);
int json_duration_put(struct buffer *, const struct json_instant *);

/* One path: "user.displayName" and "user.display_name". */
int json_mask_read(struct buffer *, struct slice camel);
int json_mask_put(struct buffer *, struct slice snake);

#endif
