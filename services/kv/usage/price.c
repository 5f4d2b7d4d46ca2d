/* services/kv/usage/price.c - what a unit costs, exactly */
#include "services/kv/usage/price.h"
#include "lib/conf/yaml.h"

#include <inttypes.h>
#include <stdio.h>

enum { PLACES = 12, WHOLE_MAX = 1000000 };

#define ONE INT64_C(1000000000000) /* 10^PLACES */
#define PER_MAX INT64_C(1000000000000)
#define GB (INT64_C(1) << 30)

/* How many of the ledger's quantity one of a unit is. */
static const struct grain {
	const char *unit;
	int64_t grain;
} grains[] = {
	{ "ReadRequestUnits", 2 },
	{ "WriteRequestUnits", 2 },
	{ "ByteHours", 3600 },
};

/* Measures of a unit that have a name. */
static const struct measure {
	const char *unit, *name;
	int64_t units;
	bool by_month;
} measures[] = {
	{ "ByteHours", "GB-hour", GB, false },
	{ "ByteHours", "GB-month", GB, true },
	{ "ByteMilliseconds", "GB-second", GB * 1000, false },
};

static int64_t grain_of(struct slice unit)
{
	for (size_t i = 0; i < sizeof(grains) / sizeof(*grains); i++)
		if (slice_is(unit, grains[i].unit))
			return grains[i].grain;
	return 1;
}

/* ---- reading ---------------------------------------------------------------
 */

struct reader {
	const char *name;
	struct arena *mem;
	struct fault *fault;
};

static int refuse(const struct reader *r, const struct yaml_node *at,
		  const char *what, const char *why)
{
	return fault_set(r->fault, E_INVALID, "%s:%d: %s %s", r->name, at->line,
			 what, why);
}

static int read_text(const struct reader *r, const struct yaml_node *sheet,
		     const char *key, struct slice *out)
{
	const struct yaml_node *node = yaml_find(sheet, key);

	*out = slice_make(NULL, 0);
	if (!node)
		return 0;
	if (node->kind != YAML_SCALAR)
		return refuse(r, node, key, "must be a text");
	*out = node->text;
	return 0;
}

/* Digits, and up to PLACES behind a point. */
static bool read_decimal(struct slice text, price_amount *out)
{
	struct slice places = text, whole = slice_cut(&places, '.');
	uint64_t number, fraction = 0, scale = ONE;

	if (slice_to_u64(whole, WHOLE_MAX, &number) < 0 ||
	    places.size > PLACES ||
	    (places.size && slice_to_u64(places, ONE, &fraction) < 0))
		return false;
	for (size_t i = 0; i < places.size; i++)
		scale /= 10;
	*out = (price_amount)number * ONE + fraction * scale;
	return true;
}

static bool read_per(struct slice text, struct price *out)
{
	uint64_t units;

	for (size_t i = 0; i < sizeof(measures) / sizeof(*measures); i++) {
		const struct measure *m = &measures[i];

		if (!slice_is(out->unit, m->unit) || !slice_is(text, m->name))
			continue;
		out->per = m->units * grain_of(out->unit);
		out->by_month = m->by_month;
		return true;
	}
	if (slice_to_u64(text, PER_MAX, &units) < 0 || !units)
		return false;
	out->per = (int64_t)units * grain_of(out->unit);
	return true;
}

static int read_price(const struct reader *r, struct slice unit,
		      const struct yaml_node *node, struct price *out)
{
	const struct yaml_node *price = yaml_find(node, "price");
	const struct yaml_node *per = yaml_find(node, "per");
	const char *name = (const char *)unit.data; /* a scalar's has a NUL */

	out->unit = unit;
	if (node->kind != YAML_MAP || node->count != 2 || !price || !per)
		return refuse(r, node, name, "must have a price and a per");
	if (price->kind != YAML_SCALAR ||
	    !read_decimal(price->text, &out->price))
		return refuse(r, price, name,
			      "has a price that is no decimal of up to 12 "
			      "places, at most 1000000");
	if (per->kind != YAML_SCALAR || !read_per(per->text, out))
		return refuse(r, per, name,
			      "has a per that is neither a number of units nor "
			      "a measure of it");
	out->text = slice_of(arena_printf(r->mem, "%.*s per %.*s",
					  SLICE_ARGS(price->text),
					  SLICE_ARGS(per->text)));
	return 0;
}

static int read_prices(const struct reader *r, const struct yaml_node *list,
		       struct price_sheet *out)
{
	if (list->kind != YAML_MAP || list->count > PRICES_MAX)
		return refuse(r, list, "prices", "must be a map of units");
	out->rows = arena_array(r->mem, list->count + 1, sizeof(*out->rows));
	for (size_t i = 0; out->rows && i < list->count; i++)
		if (read_price(r, list->keys[i]->text, list->items[i],
			       &out->rows[out->count++]) < 0)
			return -r->fault->code;
	return r->mem->full ? refuse(r, list, "prices", "take too much memory")
			    : 0;
}

int price_sheet_read(struct slice yaml, const char *name, struct arena *mem,
		     struct price_sheet *out, struct fault *fault)
{
	const struct reader r = { name, mem, fault };
	const struct yaml_node *sheet = yaml_parse(yaml, name, mem, fault);
	const struct yaml_node *prices;

	*out = (struct price_sheet){ .count = 0 };
	if (!sheet)
		return -fault->code;
	prices = sheet->kind == YAML_MAP ? yaml_find(sheet, "prices") : NULL;
	if (!prices)
		return refuse(&r, sheet, "a price sheet", "needs prices");
	if (read_text(&r, sheet, "currency", &out->currency) < 0 ||
	    read_text(&r, sheet, "as_of", &out->as_of) < 0 ||
	    read_text(&r, sheet, "source", &out->source) < 0)
		return -fault->code;
	return read_prices(&r, prices, out);
}

/* ---- using -----------------------------------------------------------------
 */

const struct price *price_find(const struct price_sheet *sheet,
			       struct slice unit)
{
	for (size_t i = 0; i < sheet->count; i++)
		if (slice_equal(sheet->rows[i].unit, unit))
			return &sheet->rows[i];
	return NULL;
}

price_amount price_of(const struct price *p, int64_t quantity,
		      int64_t month_hours)
{
	price_amount per =
	    (price_amount)p->per * (p->by_month ? month_hours : 1);

	return (p->price * quantity + per / 2) / per;
}

void price_print(price_amount amount, char out[PRICE_TEXT])
{
	int point =
	    snprintf(out, PRICE_TEXT, "%" PRId64, (int64_t)(amount / ONE));
	int end = point + 1 + PLACES;

	snprintf(out + point, (size_t)(PRICE_TEXT - point), ".%012" PRId64,
		 (int64_t)(amount % ONE));
	while (end > point + 3 && out[end - 1] == '0')
		out[--end] = '\0';
}
