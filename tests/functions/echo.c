/* tests/functions/echo.c - answers with its request
 *
 * An InvokeRequest's payload comes back as an InvokeResponse's.
 */
#include "lib/function/function.h"

#include "parlor/function/v1/functions.pb-c.h"

static void echo(struct event *e)
{
	const Parlor__Function__V1__InvokeRequest *request =
	    event_request(e, &parlor__function__v1__invoke_request__descriptor);
	Parlor__Function__V1__InvokeResponse answer =
	    PARLOR__FUNCTION__V1__INVOKE_RESPONSE__INIT;

	if (request) {
		answer.has_payload = request->has_payload;
		answer.payload = request->payload;
	}
	event_reply(e, &answer.base);
}

int main(int argc, char **argv)
{
	return function_main(argc, argv, echo);
}
