/* services/kv/api/list_streams.c - ListStreams as messages */
#include "services/kv/api/streams.h"
#include "services/kv/api/table_message.h"
#include "services/kv/op/permit.h"
#include "services/kv/op/table.h"

typedef Parlor__Kv__V1__ListStreamsRequest request;

static int check(struct call *c, const request *m)
{
	struct complaints complaints = { 0 };
	struct slice table = slice_of(m->table_name);

	complain_name(&complaints, table, "tableName");
	complain_length(&complaints, table, "tableName", KV_TABLE_NAME_MIN,
			KV_TABLE_NAME_MAX);
	complain_length(&complaints, slice_of(m->exclusive_start_stream_arn),
			"exclusiveStartStreamArn", API_STREAM_ARN_MIN,
			API_STREAM_ARN_MAX);
	if (m->has_limit) {
		complain_least(&complaints, m->limit, "limit", 1);
		complain_most(&complaints, m->limit, "limit", KV_STREAMS_MAX);
	}
	return complaints_end(&complaints, &c->fault);
}

static int read_start(struct call *c, const request *m, struct slice *table,
		      struct slice *label)
{
	struct slice arn = slice_of(m->exclusive_start_stream_arn);

	*table = *label = SLICE("");
	if (arn.data && !kv_stream_parts(arn, table, label))
		return call_fail(c, E_INVALID, "Invalid StreamArn: %.*s",
				 SLICE_ARGS(arn));
	return 0;
}

/* A table that was never there has no streams, nor had any. */
static void check_table(struct call *c, const request *m)
{
	struct slice name = slice_of(m->table_name);

	if (name.data && !m->exclusive_start_stream_arn &&
	    !catalog_table(catalog_view(c), name))
		table_refuse_missing(&c->fault, name);
}

static void fill(struct call *c, const struct kv_table *table,
		 Parlor__Kv__V1__Stream *m)
{
	char label[KV_STREAM_LABEL];

	kv_stream_label(table, label);
	parlor__kv__v1__stream__init(m);
	m->table_name = message_text(c, table->name);
	m->stream_label = message_text(c, slice_of(label));
	m->stream_arn = message_text(c, kv_stream_arn(c, table));
}

static void answer(struct call *c, const request *m, struct slice table,
		   struct slice label)
{
	Parlor__Kv__V1__ListStreamsResponse answer =
	    PARLOR__KV__V1__LIST_STREAMS_RESPONSE__INIT;
	const struct catalog_table *found[KV_STREAMS_MAX];
	Parlor__Kv__V1__Stream rows[KV_STREAMS_MAX], *list[KV_STREAMS_MAX];
	bool more;

	answer.n_streams =
	    kv_list_streams(c, slice_of(m->table_name), table, label,
			    m->has_limit ? (size_t)m->limit : KV_STREAMS_MAX,
			    found, &more);
	answer.streams = list;
	if (!answer.n_streams)
		check_table(c, m);
	for (size_t i = 0; i < answer.n_streams; i++) {
		list[i] = &rows[i];
		fill(c, &found[i]->table, list[i]);
	}
	if (more && answer.n_streams)
		answer.last_evaluated_stream_arn =
		    list[answer.n_streams - 1]->stream_arn;
	call_reply(c, &answer.base);
}

void api_list_streams(struct call *c)
{
	const request *m =
	    call_unpack(c, &parlor__kv__v1__list_streams_request__descriptor);
	struct slice table, label;

	if (!m || check(c, m) < 0 || read_start(c, m, &table, &label) < 0)
		call_end(c);
	else
		answer(c, m, table, label);
}
