/* services/kv/api/describe_limits.c - DescribeLimits as messages */
#include "services/kv/api/tables.h"
#include "services/kv/op/table.h"

#include "parlor/kv/v1/kv.pb-c.h"

void api_describe_limits(struct call *c)
{
	Parlor__Kv__V1__DescribeLimitsResponse answer =
	    PARLOR__KV__V1__DESCRIBE_LIMITS_RESPONSE__INIT;

	answer.has_account_max_read_capacity_units = true;
	answer.has_account_max_write_capacity_units = true;
	answer.has_table_max_read_capacity_units = true;
	answer.has_table_max_write_capacity_units = true;
	answer.account_max_read_capacity_units =
	    answer.account_max_write_capacity_units = KV_ACCOUNT_MAX;
	answer.table_max_read_capacity_units =
	    answer.table_max_write_capacity_units = KV_THROUGHPUT_MAX;
	call_reply(c, &answer.base);
}
