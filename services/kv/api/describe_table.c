/* services/kv/api/describe_table.c - DescribeTable as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"

static void done(struct call *c, const struct table_description *d)
{
	Parlor__Kv__V1__DescribeTableResponse answer =
	    PARLOR__KV__V1__DESCRIBE_TABLE_RESPONSE__INIT;

	if (d)
		answer.table = table_message(c, d);
	call_reply(c, &answer.base);
}

void api_describe_table(struct call *c)
{
	const Parlor__Kv__V1__DescribeTableRequest *m =
	    call_unpack(c, &parlor__kv__v1__describe_table_request__descriptor);

	if (m)
		kv_describe_table(c, slice_of(m->table_name), done);
	else
		call_end(c);
}
