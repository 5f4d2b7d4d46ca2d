/* lib/rpc/complaint.c - several things wrong with one request */
#include "lib/rpc/complaint.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	VALUE_MAX = 300 /* bytes of a value that are repeated */,
	MUST_MAX = 256
};

void complain_value(struct complaints *c, struct slice value, const char *path,
		    const char *what)
{
	size_t used = strlen(c->text);
	char shown[VALUE_MAX + 4] = " null";

	if (value.data && c->secret)
		shown[0] = '\0';
	else if (value.data)
		snprintf(shown, sizeof(shown), " '%.*s'",
			 SLICE_HEAD(value, VALUE_MAX));
	if (++c->count > COMPLAINTS_MAX)
		return;
	snprintf(c->text + used, sizeof(c->text) - used,
		 "%sValue%s at '%s' failed to satisfy constraint: %s",
		 used ? "; " : "", shown, path, what);
}

void complain(struct complaints *c, struct slice value, const char *path,
	      const char *must)
{
	char what[MUST_MAX];

	snprintf(what, sizeof(what), "Member must %s", must);
	complain_value(c, value, path, what);
}

void complain_null(struct complaints *c, struct slice value, const char *path)
{
	if (!value.data)
		complain(c, value, path, "not be null");
}

void complain_length(struct complaints *c, struct slice value, const char *path,
		     size_t least, size_t most)
{
	size_t length = slice_characters(value);
	char must[80];

	if (!value.data)
		return;
	if (length < least) {
		snprintf(must, sizeof(must),
			 "have length greater than or equal to %zu", least);
		complain(c, value, path, must);
	}
	if (most && length > most) {
		snprintf(must, sizeof(must),
			 "have length less than or equal to %zu", most);
		complain(c, value, path, must);
	}
}

void complain_enum(struct complaints *c, struct slice value, const char *path,
		   const char *const *values)
{
	char must[MUST_MAX] = "satisfy enum value set: [";
	size_t used;

	if (!value.data)
		return;
	for (size_t i = 0; values[i]; i++) {
		if (slice_is(value, values[i]))
			return;
		used = strlen(must);
		snprintf(must + used, sizeof(must) - used, "%s%s",
			 i ? ", " : "", values[i]);
	}
	used = strlen(must);
	snprintf(must + used, sizeof(must) - used, "]");
	complain(c, value, path, must);
}

static void complain_bound(struct complaints *c, int64_t value,
			   const char *path, const char *side, int64_t bound)
{
	char text[24], must[80];

	snprintf(text, sizeof(text), "%" PRId64, value);
	snprintf(must, sizeof(must), "have value %s than or equal to %" PRId64,
		 side, bound);
	complain(c, slice_of(text), path, must);
}

void complain_least(struct complaints *c, int64_t value, const char *path,
		    int64_t least)
{
	if (value < least)
		complain_bound(c, value, path, "greater", least);
}

void complain_most(struct complaints *c, int64_t value, const char *path,
		   int64_t most)
{
	if (value > most)
		complain_bound(c, value, path, "less", most);
}

int complaints_fail(const struct complaints *c, int code, struct fault *fault)
{
	if (!c->count)
		return 0;
	return fault_set(fault, code, "%d validation error%s detected: %s",
			 c->count, c->count > 1 ? "s" : "", c->text);
}
