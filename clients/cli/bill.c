/* clients/cli/bill.c - what a month costs, as a table */
#include "clients/cli/ask.h"
#include "clients/cli/command.h"
#include "lib/base/clock.h"

#include "parlor/kv/v1/kv.pb-c.h"

#include <stdio.h>
#include <time.h>

enum { HOUR_S = 3600 };

typedef Parlor__Kv__V1__GetBillResponse bill;

/* How many of the quantity one of a unit is. */
static const struct grain {
	const char *unit;
	int64_t grain;
} grains[] = {
	{ "ReadRequestUnits", 2 },
	{ "WriteRequestUnits", 2 },
	{ "ByteHours", 3600 },
};

static double units_of(const Parlor__Kv__V1__BillLine *line)
{
	for (size_t i = 0; i < sizeof(grains) / sizeof(*grains); i++)
		if (strcmp(line->unit, grains[i].unit) == 0)
			return (double)line->quantity / (double)grains[i].grain;
	return (double)line->quantity;
}

/* The month's first hour and the next one's, of "2026-11" or of now. */
static int read_month(struct cli *c, const char *text,
		      Parlor__Kv__V1__GetBillRequest *request)
{
	time_t now = (time_t)(clock_wall_ms() / 1000);
	struct tm utc;
	const char *end = "";

	gmtime_r(&now, &utc);
	utc = (struct tm){ .tm_year = utc.tm_year, .tm_mon = utc.tm_mon };
	if (text)
		end = strptime(text, "%Y-%m", &utc);
	if (!end || *end || utc.tm_year < 70)
		return cli_misuse(c, "'%s' is no month, as 2026-11", text);
	utc.tm_mday = 1;
	request->has_from_hour = request->has_to_hour = true;
	request->from_hour = timegm(&utc) / HOUR_S;
	utc.tm_mon++;
	request->to_hour = timegm(&utc) / HOUR_S;
	return 0;
}

static void print_bill(const bill *b)
{
	printf("%18s %22s  %-24s %-20s %s\n", b->currency ? b->currency : "",
	       "quantity", "unit", "price", "of");
	for (size_t i = 0; i < b->n_lines; i++) {
		const Parlor__Kv__V1__BillLine *line = b->lines[i];

		printf("%18s %22.1f  %-24s %-20s %s\n",
		       line->amount ? line->amount : "-", units_of(line),
		       line->unit, line->price ? line->price : "-",
		       line->resource ? line->resource : "");
	}
	printf("%18s  in all\n", b->total);
	if (b->source)
		printf("\nPrices: %s%s%s\n", b->source,
		       b->as_of ? ", as of " : "", b->as_of ? b->as_of : "");
}

int kv_bill(struct cli *c)
{
	static const struct ask ask = {
		.at = AT_KV,
		.method = "parlor.kv.v1.KeyValue/GetBill",
		.as = ASK_AS_ADMIN,
		.patience_ms = ASK_PATIENCE_MS,
	};
	Parlor__Kv__V1__GetBillRequest request =
	    PARLOR__KV__V1__GET_BILL_REQUEST__INIT;
	const bill *answer;

	if (read_month(c, cli_argument(c, 0), &request) != 0)
		return -c->fault.code;
	answer = ask_message(c, &ask, &request.base,
			     &parlor__kv__v1__get_bill_response__descriptor);
	if (!answer)
		return -c->fault.code;
	if (c->json)
		return cli_print_json(c, "parlor.kv.v1.GetBillResponse",
				      JSON_AWS);
	print_bill(answer);
	return 0;
}
