/* services/kv/api/get_bill.c - GetBill as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/usage.h"

#include <time.h>

typedef Parlor__Kv__V1__GetBillRequest request;
typedef Parlor__Kv__V1__BillLine line;

/* By the bits of enum bill_by, in order. */
static const char *const group_words[] = { "RESOURCE", "PRINCIPAL", "OPERATION",
					   "USER",     "COST_TAG",  NULL };

static char *text_or_null(struct call *c, struct slice text)
{
	return text.size ? message_text(c, text) : NULL;
}

static char *amount_text(struct call *c, price_amount amount)
{
	char text[PRICE_TEXT];

	price_print(amount, text);
	return message_text(c, slice_of(text));
}

static char *month_text(struct call *c, int64_t hour)
{
	time_t seconds = (time_t)(hour * 3600);
	char text[16];
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(text, sizeof(text), "%Y-%m", &utc);
	return message_text(c, slice_of(text));
}

static line *make_line(struct call *c, const struct bill_line *from)
{
	line *m = arena_alloc(c->mem, sizeof(*m));

	if (!m)
		return NULL;
	parlor__kv__v1__bill_line__init(m);
	m->month = month_text(c, from->sum.hour);
	m->resource = text_or_null(c, from->sum.resource);
	m->principal = text_or_null(c, from->sum.principal);
	m->operation = text_or_null(c, from->sum.operation);
	m->user = text_or_null(c, from->sum.user);
	m->cost_tag = text_or_null(c, from->sum.cost_tag);
	m->unit = message_text(c, from->sum.unit);
	m->has_quantity = 1;
	m->quantity = from->sum.quantity;
	m->price = from->price ? message_text(c, from->price->text) : NULL;
	m->amount = from->price ? amount_text(c, from->amount) : NULL;
	return m;
}

static void done(struct call *c, const struct bill *bill)
{
	Parlor__Kv__V1__GetBillResponse answer =
	    PARLOR__KV__V1__GET_BILL_RESPONSE__INIT;

	if (bill) {
		answer.currency = text_or_null(c, bill->sheet.currency);
		answer.as_of = text_or_null(c, bill->sheet.as_of);
		answer.source = text_or_null(c, bill->sheet.source);
		answer.lines =
		    arena_array(c->mem, bill->count + 1, sizeof(line *));
		answer.total = amount_text(c, bill->total);
	}
	for (size_t i = 0; answer.lines && i < bill->count; i++)
		answer.lines[answer.n_lines++] = make_line(c, &bill->lines[i]);
	call_reply(c, &answer.base);
}

/* The bits of what is named; 0, and the call has failed, when one is none. */
static unsigned groups(struct call *c, const request *m)
{
	struct complaints complaints = { 0 };
	unsigned by = m->n_group_by ? 0 : BILL_BY_RESOURCE;

	for (size_t i = 0; i < m->n_group_by; i++) {
		complain_enum(&complaints, slice_of(m->group_by[i]), "groupBy",
			      group_words);
		for (unsigned bit = 0; group_words[bit]; bit++)
			if (strcmp(m->group_by[i], group_words[bit]) == 0)
				by |= 1U << bit;
	}
	return complaints_end(&complaints, &c->fault) < 0 ? 0 : by;
}

void api_get_bill(struct call *c)
{
	const request *m =
	    call_unpack(c, &parlor__kv__v1__get_bill_request__descriptor);
	unsigned by = m ? groups(c, m) : 0;

	if (!by) {
		call_end(c);
		return;
	}
	kv_get_bill(c,
		    &(struct bill_query){
			.rows = { .from_hour = m->from_hour,
				  .to_hour =
				      m->has_to_hour ? m->to_hour : UINT32_MAX,
				  .principal = slice_of(m->principal),
				  .resource = slice_of(m->resource),
				  .operation = slice_of(m->operation),
				  .unit = slice_of(m->unit) },
			.by = by },
		    done);
}
