/* services/gateway/map/rest.h - REST requests as messages, and back
 *
 * A message is made of three: the JSON body, and over it the path's parameters
 * and the query's. All of it goes through the one transcoder:
 * parameters are written as the JSON that they mean for their field and read by
 * it, so that types and errors are the same everywhere.
 *
 * The room: one form of a request or an answer made into another. It calls no
 * one.
 */
#ifndef PARLOR_GATEWAY_REST_H
#define PARLOR_GATEWAY_REST_H

#include "lib/base/buffer.h"
#include "lib/net/http_server.h"
#include "services/gateway/route/route.h"

/* Appends the rpc's message. Returns 0, or -E_INVALID or -E_HTTP_MEDIA_TYPE
 * with words that name the field or parameter. */
int rest_read(const struct route_match *, struct http_request *,
	      struct buffer *message, struct fault *);

/* Appends the JSON of an answer's message. Returns 0 or a code with words. */
int rest_write(const struct route *, struct slice message, struct buffer *json,
	       struct fault *);

#endif
