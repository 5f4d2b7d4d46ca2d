/* lib/conf/setting.h - a daemon's settings as a table
 *
 * A row says everything about a setting: its key in parlor.yaml, type, bounds,
 * default and the sentence that the commented example, --help and the man page
 * print. Values land in a struct of the daemon's by offset. The environment
 * overrides the file: PARLOR_SECTION_KEY in capitals.
 */
#ifndef PARLOR_CONF_SETTING_H
#define PARLOR_CONF_SETTING_H

#include "lib/base/arena.h"
#include "lib/base/buffer.h"
#include "lib/base/fault.h"

enum setting_type {
	SETTING_TEXT,	  /* const char * */
	SETTING_SECRET,	  /* the same, never printed */
	SETTING_INTEGER,  /* int64_t within min and max */
	SETTING_BOOL,	  /* bool */
	SETTING_DURATION, /* int64_t milliseconds: "250ms", "5s", "10m", "1h" */
	SETTING_SIZE,	/* int64_t bytes: "64KB", "6MB", "1GB" (powers of 2) */
	SETTING_CHOICE, /* int: index in `choices` */
	SETTING_LIST,	/* struct setting_list of const char * */
	SETTING_TABLE,	/* struct setting_list of structs laid out by `rows`;
			   a YAML list, or a map whose key goes to the row
			   marked SETTING_KEY */
	SETTING_RAW,	/* const char *: any YAML below it, as JSON text */
};

enum { SETTING_REQUIRED = 1, SETTING_KEY = 2, SETTING_PATH = 4 };

struct setting_list {
	void *rows;
	size_t count;
};

struct setting {
	const char *key;
	enum setting_type type;
	size_t offset;
	const char *value; /* the default, as written in YAML; NULL: none */
	const char *help;  /* one sentence */
	unsigned flags;	   /* SETTING_PATH: relative to the data directory */
	int64_t min, max;
	const char *const *choices; /* NULL-ended */
	const struct setting *rows; /* of SETTING_TABLE; ends with no key */
	size_t row_size;
};

/* Reads section `section` of the YAML file into `out` (all of it in the arena,
 * which must outlive it). Unknown keys, wrong types and values out of bounds
 * are refused with "FILE:LINE: section.key: why" in the fault. The file may be
 * absent: then defaults and environment hold. */
int setting_read(const struct setting *, const char *file, const char *section,
		 const char *data_dir, struct arena *, void *out,
		 struct fault *);

/* The commented example of a section, and the lines of --help. */
void setting_example(const struct setting *, const char *section,
		     struct buffer *);
void setting_help(const struct setting *, const char *section, struct buffer *);

#endif
