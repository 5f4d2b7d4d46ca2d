/* services/kv/op/complaint.h - what DynamoDB says of tables, lists and maps that are
 * wrong, beside what all of AWS's services do (lib/rpc/complaint.h) */
#ifndef PARLOR_KV_COMPLAINT_H
#define PARLOR_KV_COMPLAINT_H

#include "lib/rpc/complaint.h"

enum { COMPLAINT_LIST = 160 };

/* Of a list ("[]") or map ("{}") that must have members: how many it has, and
 * whether it was there at all. */
void complain_members(struct complaints *, size_t count, bool there,
		      const char *empty, const char *path);
void complain_name(struct complaints *, struct slice value, const char *path);
/* Of a table's name, or its ARN. */
void complain_table_name(struct complaints *, struct slice value,
			 const char *path);

/* Of a list that is too long; its members stand there as their class. */
void complain_list(struct complaints *, size_t count, const char *class,
		   const char *path, size_t most);

/* "[Class, Class, ...]", the first of them. */
void complaint_show_list(char out[COMPLAINT_LIST], const char *class,
			 size_t count);

/* A parameter of an operation on tables that is not there is refused before all
 * else, in words of its own. 0, or -E_INVALID. */
int complain_required(struct slice value, const char *name, struct fault *);

/* 0, or -E_INVALID with all of it in the fault. */
static inline int complaints_end(const struct complaints *c,
				 struct fault *fault)
{
	return complaints_fail(c, E_INVALID, fault);
}

#endif
