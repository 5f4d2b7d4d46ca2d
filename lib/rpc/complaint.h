/* lib/rpc/complaint.h - several things wrong with one request
 *
 * AWS's services gather what is wrong with a request's form and say all of it in
 * one message: "2 validation errors detected: Value … at …; Value … at …".
 */
#ifndef PARLOR_RPC_COMPLAINT_H
#define PARLOR_RPC_COMPLAINT_H

#include "lib/base/fault.h"

enum { COMPLAINTS_MAX = 10 };

struct complaints {
	int count;
	bool secret; /* values from here on are not repeated */
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

/* Checks of one text; `path` as above. Lengths are in characters; `most` 0: any. */
void complain_null(struct complaints *, struct slice value, const char *path);
void complain_length(struct complaints *, struct slice value, const char *path,
		     size_t least, size_t most);
void complain_enum(struct complaints *, struct slice value, const char *path,
		   const char *const *values);

/* Checks of one number. */
void complain_least(struct complaints *, int64_t value, const char *path,
		    int64_t least);
void complain_most(struct complaints *, int64_t value, const char *path,
		   int64_t most);

/* 0, or -code with all of it in the fault. */
int complaints_fail(const struct complaints *, int code, struct fault *);

#endif
