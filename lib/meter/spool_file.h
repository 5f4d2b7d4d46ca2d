/* lib/meter/spool_file.h - one epoch of a spool: its file, mapped, and its rows
 *
 * The file begins with a header and grows by doubling; each doubling is a
 * segment with a mapping of its own, so that a row never moves. Rows stand one
 * behind the other, none over a segment's end. A row's size is written last:
 * until then nobody sees it, whenever the process dies. An index in the
 * process's own memory finds rows without a lock. The file is locked by the
 * process that counts in it, so that no other adopts it meanwhile.
 */
#ifndef PARLOR_METER_SPOOL_FILE_H
#define PARLOR_METER_SPOOL_FILE_H

#include "lib/meter/spool_row.h"

enum { SPOOL_EPOCH = 33 };

struct spool_file;

/* A new file with an epoch of its own. NULL, with words. */
struct spool_file *spool_file_new(const char *dir, const char *daemon,
				  int64_t hour, struct fault *);

/* An existing one, now ours. NULL without words when another process has it;
 * NULL with words when it is damaged or of another version. */
struct spool_file *spool_file_adopt(const char *path, struct fault *);

/* Unmaps and unlocks; `remove` deletes the file too. */
void spool_file_free(struct spool_file *, bool remove);

/* The row of the key, or NULL. Any thread, no lock. */
struct spool_row *spool_file_find(struct spool_file *,
				  const struct spool_key *);

/* The same, and makes it if there is none. Any thread. */
struct spool_row *spool_file_get(struct spool_file *, const struct spool_key *);

/* Walks the rows in order: start with *at = 0; NULL at the end. */
struct spool_row *spool_file_next(struct spool_file *, uint64_t *at);

/* On the disk, all that was counted before. -1 with errno. */
int spool_file_sync(struct spool_file *);

const char *spool_file_epoch(const struct spool_file *);
int64_t spool_file_hour(const struct spool_file *); /* when it was made */
uint64_t spool_file_size(const struct spool_file *);
int64_t spool_file_next_sequence(struct spool_file *);

#endif
