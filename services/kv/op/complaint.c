/* services/kv/op/complaint.c - several things wrong with one request */
#include "services/kv/op/complaint.h"
#include "services/kv/model/table.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	VALUE_MAX = 300, /* bytes of a value that are repeated */
	ARN_MAX = 1024,
	MUST_MAX = 256,
	LIST_SHOWN = 5, /* members of a list that are repeated */
};

void complain_value(struct complaints *c, struct slice value, const char *path,
		    const char *what)
{
	size_t used = strlen(c->text);
	const char *quote = value.data ? "'" : "";

	if (!value.data)
		value = SLICE("null");
	if (value.size > VALUE_MAX)
		value.size = VALUE_MAX;
	if (++c->count > COMPLAINTS_MAX)
		return;
	snprintf(c->text + used, sizeof(c->text) - used,
		 "%sValue %s%.*s%s at '%s' failed to satisfy constraint: %s",
		 used ? "; " : "", quote, SLICE_ARGS(value), quote, path, what);
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

void complain_members(struct complaints *c, size_t count, bool there,
		      const char *empty, const char *path)
{
	if (!count && there)
		complain(c, slice_of(empty), path,
			 "have length greater than or equal to 1");
	else if (!count)
		complain_null(c, slice_of(NULL), path);
}

void complain_length(struct complaints *c, struct slice value, const char *path,
		     size_t least, size_t most)
{
	char must[80];

	if (!value.data)
		return;
	if (value.size < least) {
		snprintf(must, sizeof(must),
			 "have length greater than or equal to %zu", least);
		complain(c, value, path, must);
	}
	if (value.size > most) {
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

static bool is_name_byte(uint8_t b)
{
	return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') ||
	       (b >= '0' && b <= '9') || b == '_' || b == '.' || b == '-';
}

void complain_name(struct complaints *c, struct slice value, const char *path)
{
	bool well = !value.data || value.size;

	for (size_t i = 0; well && i < value.size; i++)
		well = is_name_byte(value.data[i]);
	if (!well)
		complain(c, value, path,
			 "satisfy regular expression pattern: "
			 "[a-zA-Z0-9_.-]+");
}

void complain_table_name(struct complaints *c, struct slice value,
			 const char *path)
{
	complain_null(c, value, path);
	if (slice_starts(value, SLICE("arn:"))) {
		complain_length(c, value, path, 1, ARN_MAX);
		return;
	}
	complain_name(c, value, path);
	complain_length(c, value, path, KV_TABLE_NAME_MIN, KV_TABLE_NAME_MAX);
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

void complaint_show_list(char out[COMPLAINT_LIST], const char *class,
			 size_t count)
{
	size_t used;

	snprintf(out, COMPLAINT_LIST, "[");
	for (size_t i = 0; i < count && i < LIST_SHOWN; i++) {
		used = strlen(out);
		snprintf(out + used, COMPLAINT_LIST - used, "%s%s",
			 i ? ", " : "", class);
	}
	used = strlen(out);
	snprintf(out + used, COMPLAINT_LIST - used, "%s]",
		 count > LIST_SHOWN ? ", ..." : "");
}

void complain_list(struct complaints *c, size_t count, const char *class,
		   const char *path, size_t most)
{
	char shown[COMPLAINT_LIST], must[80];

	if (count <= most)
		return;
	complaint_show_list(shown, class, count);
	snprintf(must, sizeof(must), "have length less than or equal to %zu",
		 most);
	complain(c, slice_of(shown), path, must);
}

int complain_required(struct slice value, const char *name, struct fault *fault)
{
	return value.data ? 0
			  : fault_set(fault, E_INVALID,
				      "The parameter '%s' is required but was "
				      "not present in the request",
				      name);
}

int complaints_end(const struct complaints *c, struct fault *fault)
{
	if (!c->count)
		return 0;
	return fault_set(fault, E_INVALID, "%d validation error%s detected: %s",
			 c->count, c->count > 1 ? "s" : "", c->text);
}
