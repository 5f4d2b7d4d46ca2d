/* lib/conf/setting.h - a daemon's settings as a table
 *
 * A row says everything about a setting: its key in parlor.yaml, type, bounds,
 * default and the sentence that the commented example, --help and the man page
 * print. Values land in a struct of the daemon's by offset. The environment
 * overrides the file: PARLOR_SECTION_KEY in capitals, written as in YAML (a
 * list of texts also with commas; an empty variable takes a text, list or table
 * away). What all daemons share stands in the section
 * `suite`, or in a daemon's own for that one.
 *
 * The room: how settings are written and read. It knows no setting by name.
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

enum setting_flag {
	SETTING_REQUIRED = 1 << 0,
	SETTING_KEY = 1 << 1,	 /* of a table's rows: a map's key goes here */
	SETTING_PATH = 1 << 2,	 /* relative to the data directory */
	SETTING_SHARED = 1 << 3, /* also looked up in the section `suite` */
	SETTING_START = 1 << 4,	 /* a change takes a new start */
	/* addresses with commas between them: the paths of unix:PATH and
	 * file:PATH are relative to the data directory */
	SETTING_ADDRESSES = 1 << 5,
};

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
	unsigned flags;
	int64_t min, max;	    /* max 0: none */
	const char *const *choices; /* NULL-ended */
	const struct setting *rows; /* of SETTING_TABLE; ends with no key */
	size_t row_size;
};

/* Reads section `section` of the YAML file into `out`, all of it in the arena,
 * which must outlive it. Unknown keys (with the nearest known one), wrong types
 * and values out of bounds are refused with "FILE:LINE: section.key: why" in
 * the fault; variables likewise. `file` may be NULL or absent: then defaults
 * and environment hold. Returns 0, -E_INVALID, or -E_UNAVAILABLE when it cannot
 * be read. */
int setting_read(const struct setting *, const char *file, const char *section,
		 const char *data_dir, struct arena *, void *out,
		 struct fault *);

/* Reads a file of its own, without sections and without an environment: the
 * rows are its top level. */
int setting_read_file(const struct setting *, const char *file,
		      const char *data_dir, struct arena *, void *out,
		      struct fault *);

/* Is the row's value, a single one, the same in both structs? */
bool setting_same(const struct setting *row, const void *a, const void *b);

/* Refuses a file with sections other than these, NULL-ended. */
int setting_check_sections(const char *file, const char *const *sections,
			   struct fault *);

/* The section as a commented example: what has a default is commented out. Of
 * `suite` it is the shared rows, of any other section the rest. */
void setting_example(const struct setting *, const char *section,
		     struct buffer *);

/* The lines of --help. */
void setting_help(const struct setting *, const char *section, struct buffer *);

/* The same for a man page, in roff's man macros. */
void setting_manual(const struct setting *, const char *section,
		    struct buffer *);

#endif
