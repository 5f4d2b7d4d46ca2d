/* services/kv/op/complaint.h - several things wrong with one request
 *
 * DynamoDB gathers what is wrong with a request's form and says all of it in
 * one message: "2 validation errors detected: Value … at …; Value … at …".
 */
#ifndef PARLOR_KV_COMPLAINT_H
#define PARLOR_KV_COMPLAINT_H

#include "lib/base/fault.h"

enum { COMPLAINTS_MAX = 10, COMPLAINT_LIST = 160 };

struct complaints {
	int count;
	char text[FAULT_TEXT];
};

/* "Value 'x' at 'path' failed to satisfy constraint: Member must …"; `value`
 * with null data is written as null. `path` and `must` are printf's. */
void complain(struct complaints *, struct slice value, const char *path,
	      const char *must);

/* The same of a constraint that is not of the member itself: `what` is all of
 * it. */
void complain_value(struct complaints *, struct slice value, const char *path,
		    const char *what);

/* Checks of one text; `path` as above. */
void complain_null(struct complaints *, struct slice value, const char *path);
/* Of a list ("[]") or map ("{}") that must have members: how many it has, and
 * whether it was there at all. */
void complain_members(struct complaints *, size_t count, bool there,
		      const char *empty, const char *path);
void complain_length(struct complaints *, struct slice value, const char *path,
		     size_t least, size_t most);
void complain_enum(struct complaints *, struct slice value, const char *path,
		   const char *const *values);
void complain_name(struct complaints *, struct slice value, const char *path);
/* Of a table's name, or its ARN. */
void complain_table_name(struct complaints *, struct slice value,
			 const char *path);
void complain_least(struct complaints *, int64_t value, const char *path,
		    int64_t least);
void complain_most(struct complaints *, int64_t value, const char *path,
		   int64_t most);

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
int complaints_end(const struct complaints *, struct fault *);

#endif
