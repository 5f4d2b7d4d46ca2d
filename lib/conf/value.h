/* lib/conf/value.h - what a setting's text means
 *
 * Pure. Each returns NULL, or the reason why the text is refused.
 */
#ifndef PARLOR_CONF_VALUE_H
#define PARLOR_CONF_VALUE_H

#include "lib/base/slice.h"

const char *value_integer(struct slice, int64_t *out); /* "-5" */
const char *value_bool(struct slice, bool *out);       /* "true", "false" */
const char *value_duration(struct slice, int64_t *ms); /* "250ms" to "7d" */
const char *value_size(struct slice, int64_t *bytes);  /* "64KB", powers of 2 */

#endif
