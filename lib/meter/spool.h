/* lib/meter/spool.h - what is billed, in a file that SIGKILL cannot lose
 *
 * A row per (principal, resource, operation, hour, unit, user, cost tag) in a
 * file mapped shared; counting is an atomic add in memory that the kernel
 * keeps when the process dies. A file is an epoch: its totals only grow, and
 * are sent once a second under (daemon, epoch, sequence), so that a repeat adds
 * nothing. At the next start the file goes on with its epoch; hours that are
 * over, sent and acknowledged are dropped by starting a new file.
 */
#ifndef PARLOR_METER_SPOOL_H
#define PARLOR_METER_SPOOL_H

#include "lib/base/fault.h"
#include "lib/base/slice.h"

struct spool;

struct spool_key {
	struct slice principal, resource, user, cost_tag; /* 255 bytes each */
	const char *operation;				  /* static */
	const char *unit; /* static: "ReadRequestUnits" */
	int64_t hour;
};

/* Opens or makes `dir`/NAME.spool. */
struct spool *spool_open(const char *dir, const char *daemon, struct fault *);
void spool_close(struct spool *);

/* Adds; any thread. Finding a row that exists takes no lock. When the file is
 * full of rows it grows; when the disk is full the daemon stops (money is
 * exact). */
void spool_add(struct spool *, const struct spool_key *, int64_t quantity);

/* For the sender: walks rows whose total differs from what was acknowledged.
 * Start with *at = 0. */
bool spool_next_unsent(struct spool *, size_t *at, struct spool_key *,
		       int64_t *total);
const char *spool_epoch(const struct spool *);
int64_t spool_next_sequence(struct spool *);
/* The totals handed out since the last spool_next_sequence arrived. */
void spool_acknowledge(struct spool *);

#endif
