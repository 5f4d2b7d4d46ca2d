/* services/kv/api/delete_table.c - DeleteTable as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"

static void done(struct call *c, const struct table_description *d)
{
	Parlor__Kv__V1__DeleteTableResponse answer =
	    PARLOR__KV__V1__DELETE_TABLE_RESPONSE__INIT;

	if (d)
		answer.table_description = table_message(c, d);
	call_reply(c, &answer.base);
}

void api_delete_table(struct call *c)
{
	const Parlor__Kv__V1__DeleteTableRequest *m =
	    call_unpack(c, &parlor__kv__v1__delete_table_request__descriptor);

	if (m)
		kv_delete_table(c, slice_of(m->table_name), done);
	else
		call_end(c);
}
