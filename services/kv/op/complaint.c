/* services/kv/op/complaint.c - several things wrong with one request */
#include "services/kv/op/complaint.h"
#include "services/kv/model/table.h"

#include <stdio.h>

enum {
	ARN_MAX = 1024,
	LIST_SHOWN = 5, /* members of a list that are repeated */
};

void complain_members(struct complaints *c, size_t count, bool there,
		      const char *empty, const char *path)
{
	if (!count && there)
		complain(c, slice_of(empty), path,
			 "have length greater than or equal to 1");
	else if (!count)
		complain_null(c, slice_of(NULL), path);
}

static bool is_name_byte(uint8_t b)
{
	return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') ||
	       (b >= '0' && b <= '9') || b == '_' || b == '.' || b == '-';
}

void complain_name(struct complaints *c, struct slice value, const char *path)
{
	bool well = value.size;

	if (!value.data)
		return;
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
