/* lib/base/quote.h - any bytes within JSON, and within HTML
 *
 * For what is written without a descriptor: log lines, settings, pages, letters.
 */
#ifndef PARLOR_BASE_QUOTE_H
#define PARLOR_BASE_QUOTE_H

#include "lib/base/buffer.h"

/* Appends the text between quotes, at most six bytes for each of its own. Bytes
 * that are no UTF-8 become U+FFFD, so that it is JSON whatever a stranger sent. */
void buffer_put_quoted(struct buffer *, struct slice text);

/* Appends the text so that it is text only, in an element as in an attribute's
 * value between quotes; at most six bytes for each of its own. */
void buffer_put_html(struct buffer *, struct slice text);

#endif
