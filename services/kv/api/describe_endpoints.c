/* services/kv/api/describe_endpoints.c - DescribeEndpoints as messages
 *
 * There is one: the address under which the caller found us.
 */
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"

enum { MINUTES = 1440 };

void api_describe_endpoints(struct call *c)
{
	Parlor__Kv__V1__DescribeEndpointsResponse answer =
	    PARLOR__KV__V1__DESCRIBE_ENDPOINTS_RESPONSE__INIT;
	Parlor__Kv__V1__Endpoint endpoint = PARLOR__KV__V1__ENDPOINT__INIT;
	Parlor__Kv__V1__Endpoint *list[] = { &endpoint };

	endpoint.address =
	    message_text(c, c->host.data ? c->host : SLICE("localhost"));
	endpoint.has_cache_period_in_minutes = true;
	endpoint.cache_period_in_minutes = MINUTES;
	answer.endpoints = list;
	answer.n_endpoints = 1;
	call_reply(c, &answer.base);
}
