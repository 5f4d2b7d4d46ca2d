/* services/kv/usage/price.h - what a unit costs, exactly
 *
 * A price sheet is YAML: a price for so many of a unit, or for a measure of it.
 * Prices are decimals of up to 12 places and never doubles; an amount is a
 * whole number of 10^-12 of the currency, rounded once, half up, from all of
 * a line's quantity. So a sum of lines is exact.
 */
#ifndef PARLOR_KV_PRICE_H
#define PARLOR_KV_PRICE_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

enum { PRICE_SHEET_MAX = 64 << 10, PRICES_MAX = 64, PRICE_TEXT = 48 };

typedef __int128 price_amount; /* in 10^-12 */

struct price {
	struct slice unit;
	struct slice text; /* "0.25 per GB-month" */
	price_amount price;
	int64_t per;   /* of the ledger's quantity */
	bool by_month; /* and of that for each hour of the month */
};

/* In the arena it was read into. */
struct price_sheet {
	struct slice currency, as_of, source;
	struct price *rows;
	size_t count;
};

/* Returns 0, or -E_INVALID with "NAME:LINE: why". */
int price_sheet_read(struct slice yaml, const char *name, struct arena *,
		     struct price_sheet *, struct fault *);

/* NULL: the unit has no price. */
const struct price *price_find(const struct price_sheet *, struct slice unit);

/* For a quantity as the ledger counts it (capacity in halves, ByteHours in
 * 3600ths) in a month of so many hours. */
price_amount price_of(const struct price *, int64_t quantity,
		      int64_t month_hours);

/* "12.50": two places, and further ones where they are not 0. */
void price_print(price_amount, char out[PRICE_TEXT]);

#endif
