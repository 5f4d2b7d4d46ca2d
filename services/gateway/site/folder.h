/* services/gateway/site/folder.h - a folder's files, read whole */
#ifndef PARLOR_GATEWAY_FOLDER_H
#define PARLOR_GATEWAY_FOLDER_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

struct folder {
	struct arena *mem; /* of paths and bytes */
	size_t files, files_max, depth_max;
	/* Each file; `path` begins with a slash and has a NUL behind it. */
	void (*add)(struct folder *, struct slice path, struct slice bytes);
	void *arg;
};

/* Returns 0, or -E_INVALID with words. Links and names with a leading dot are
 * passed over. */
int folder_read(struct folder *, const char *root, struct fault *);

#endif
