/* lib/base/embedded.h - files of a folder, built into the program
 *
 * A table by cmake's embed_folder, in order of paths; it ends with a row
 * without one.
 */
#ifndef PARLOR_BASE_EMBEDDED_H
#define PARLOR_BASE_EMBEDDED_H

#include "lib/base/slice.h"

struct embedded {
	const char *path; /* below the folder: "de/verify.txt" */
	const uint8_t *data, *end;
};

static inline struct slice embedded_slice(const struct embedded *file)
{
	return slice_make(file->data, (size_t)(file->end - file->data));
}

#endif
