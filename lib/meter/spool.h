/* lib/meter/spool.h - what is billed, in a file that SIGKILL cannot lose
 *
 * A row per (principal, resource, operation, hour, unit, user, cost tag) in a
 * file mapped shared; counting is an atomic add in memory that the kernel
 * keeps when the process dies. A file is an epoch: its totals only grow, and
 * are sent once a second under (daemon, epoch, sequence), so that a repeat adds
 * nothing; they are on the disk before they are sent, so that even after a
 * power loss no total is less than what the ledger has. Files of processes that
 * died are sent and removed by the next one that opens the directory. When an
 * hour has turned and the file has grown, counting goes on in a new one, and
 * the old one is removed once all of it was acknowledged.
 */
#ifndef PARLOR_METER_SPOOL_H
#define PARLOR_METER_SPOOL_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

struct spool;

/* Texts are cut at 255 bytes. */
struct spool_key {
	struct slice principal, resource, user, cost_tag;
	const char *operation, *unit; /* "GetItem", "ReadRequestUnits" */
	int64_t hour;		      /* since 1970 */
};

/* Opens or makes `dir`/DAEMON.EPOCH.spool; several processes may share `dir`.
 * NULL, with words, when a file is damaged or cannot be had. */
struct spool *spool_open(const char *dir, const char *daemon, struct fault *);
void spool_close(struct spool *);

/* Adds; any thread. Finding a row that exists takes no lock. The file grows
 * when it is full of rows; when the disk is full the process ends (money is
 * exact). */
void spool_add(struct spool *, const struct spool_key *, int64_t quantity);

struct spool_total {
	struct spool_key key; /* texts in the spool's memory */
	int64_t total;	      /* since the epoch began */
	struct spool_row *row;
};

/* Totals of one epoch that differ from what was acknowledged. */
struct spool_batch {
	const char *epoch;
	int64_t sequence; /* grows with every batch of an epoch */
	struct spool_total *rows;
	size_t count;
};

/* One thread, the sender's: fills in at most `max` rows (in the arena) and
 * makes them durable. False when there is nothing to send. `hour` is the
 * present one. The batch holds until the next call. */
bool spool_batch(struct spool *, struct arena *, size_t max, int64_t hour,
		 struct spool_batch *);

/* The batch arrived. Without this its rows come again. */
void spool_acknowledge(struct spool *, const struct spool_batch *);

#endif
