/* clients/cli/document.h - small JSON files and texts, for reading */
#ifndef PARLOR_CLI_DOCUMENT_H
#define PARLOR_CLI_DOCUMENT_H

#include "lib/base/arena.h"

#include <jansson.h>

/* The object in a file; NULL if it isn't there or is none. json_decref it. */
json_t *document_read(const char *path);

/* A copy of a member that is a text; NULL when there is no such. */
const char *document_text(struct arena *, const json_t *object,
			  const char *member);

#endif
