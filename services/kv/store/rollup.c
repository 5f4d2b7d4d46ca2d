/* services/kv/store/rollup.c - old rows of the ledger become fewer */
#include "services/kv/store/rollup.h"
#include "services/kv/store/key.h"
#include "services/kv/store/ledger.h"
#include "services/kv/store/period.h"

enum {
	DAY = 24,
	HOURS_KEPT = 40 * DAY,
	DAYS_KEPT = 400 * DAY,
	STEP = 256, /* rows moved in one step */
	HOUR_MS = 3600000,
};

/* ---- periods ---------------------------------------------------------------
 */

int64_t rollup_hour(const struct rollup *r, int64_t hour)
{
	if (hour < r->months)
		return period_month(hour);
	return hour < r->days ? period_day(hour) : hour;
}

int64_t rollup_hours(const struct rollup *r, int64_t hour)
{
	if (hour < r->months)
		return period_month_end(hour) - hour;
	return hour < r->days ? period_day_end(hour) - hour : 1;
}

/* ---- moving ----------------------------------------------------------------
 */

void rollup_read(struct lmdb_txn *t, struct rollup *r)
{
	struct table_key key;
	struct slice row =
	    lmdb_get(t, LMDB_TABLES, key_of_table(&key, KEY_ROLLED, 0));

	*r = (struct rollup){ 0, 0, 0 };
	if (row.size == sizeof(*r))
		memcpy(r, row.data, sizeof(*r));
}

static void write(struct lmdb_txn *t, const struct rollup *r)
{
	struct table_key key;

	lmdb_put(t, LMDB_TABLES, key_of_table(&key, KEY_ROLLED, 0),
		 slice_make(r, sizeof(*r)));
}

/* The first row behind all of an hour's. */
static bool first_behind(struct lmdb_txn *t, int64_t hour, struct slice *key,
			 struct slice *value)
{
	uint8_t from[4];

	key_put_u32(from, (uint32_t)hour + 1);
	return lmdb_first(t, LMDB_LEDGER, slice_make(from, sizeof(from)), key,
			  value);
}

static void move(struct lmdb_txn *t, int64_t to, struct slice key,
		 struct slice value)
{
	int64_t quantity = ledger_quantity(value);
	uint8_t key_copy[STORE_LEDGER_KEY], texts_copy[6 * 256];
	struct slice texts = ledger_texts(value);

	/* what is read lives until the next change */
	memcpy(key_copy, key.data, sizeof(key_copy));
	memcpy(texts_copy, texts.data, texts.size);
	lmdb_delete(t, LMDB_LEDGER, slice_make(key_copy, sizeof(key_copy)));
	ledger_put(t, to, slice_make(texts_copy, texts.size), quantity);
}

/* Moves rows to the first hour of their period, from *done up to `until`, both
 * beginnings of one; false when all before that has been moved. */
static bool advance(struct lmdb_txn *t, uint32_t *done, int64_t until,
		    int64_t (*start)(int64_t hour), int *left)
{
	struct slice key, value;

	while (*done<until && * left> 0) {
		int64_t period;

		if (!first_behind(t, *done, &key, &value)) {
			*done = (uint32_t)until;
			break;
		}
		period = start(ledger_hour(key));
		if (period >= until) {
			*done = (uint32_t)until;
		} else if (period > *done) {
			*done = (uint32_t)period;
		} else {
			move(t, period, key, value);
			--*left;
		}
	}
	return *done < until;
}

bool rollup_step(struct lmdb_txn *t, int64_t now_ms)
{
	int64_t now = now_ms / HOUR_MS;
	struct rollup r, was;
	bool more;
	int left = STEP;

	rollup_read(t, &r);
	was = r;
	more = now > HOURS_KEPT &&
	       advance(t, &r.days, period_day(now - HOURS_KEPT), period_day,
		       &left);
	if (!more && now > DAYS_KEPT)
		more = advance(t, &r.months, period_month(now - DAYS_KEPT),
			       period_month, &left);
	r.moved += STEP - left;
	if (memcmp(&r, &was, sizeof(r)) != 0)
		write(t, &r);
	return more;
}
