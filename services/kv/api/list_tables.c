/* services/kv/api/list_tables.c - ListTables as messages */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/complaint.h"

static int check(struct call *c, const Parlor__Kv__V1__ListTablesRequest *m)
{
	struct complaints complaints = { 0 };
	struct slice after = slice_of(m->exclusive_start_table_name);
	char value[16];

	complain_name(&complaints, after, "exclusiveStartTableName");
	complain_length(&complaints, after, "exclusiveStartTableName",
			KV_TABLE_NAME_MIN, KV_TABLE_NAME_MAX);
	if (m->has_limit)
		complain_least(&complaints, m->limit, "limit", 1);
	snprintf(value, sizeof(value), "%d", m->limit);
	if (m->limit > LIST_TABLES_MAX)
		complain(&complaints, slice_of(value), "limit",
			 "have value less than or equal to 100");
	return complaints_end(&complaints, &c->fault);
}

void api_list_tables(struct call *c)
{
	const Parlor__Kv__V1__ListTablesRequest *m =
	    call_unpack(c, &parlor__kv__v1__list_tables_request__descriptor);
	Parlor__Kv__V1__ListTablesResponse answer =
	    PARLOR__KV__V1__LIST_TABLES_RESPONSE__INIT;
	struct slice names[LIST_TABLES_MAX];
	char *texts[LIST_TABLES_MAX] = { 0 };
	bool more;

	if (!m || check(c, m) < 0) {
		call_end(c);
		return;
	}
	answer.table_names = texts;
	answer.n_table_names =
	    kv_list_tables(c, slice_of(m->exclusive_start_table_name),
			   m->has_limit ? (size_t)m->limit : LIST_TABLES_MAX,
			   names, &more);
	for (size_t i = 0; i < answer.n_table_names; i++)
		texts[i] = message_text(c, names[i]);
	if (more && answer.n_table_names)
		answer.last_evaluated_table_name =
		    texts[answer.n_table_names - 1];
	call_reply(c, &answer.base);
}
