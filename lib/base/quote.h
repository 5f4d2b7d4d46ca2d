/* lib/base/quote.h - any bytes as a JSON string
 *
 * For what is written without a descriptor: log lines, settings. Bytes that are
 * no UTF-8 become U+FFFD, so that a line is JSON whatever a stranger sent.
 */
#ifndef PARLOR_BASE_QUOTE_H
#define PARLOR_BASE_QUOTE_H

#include "lib/base/buffer.h"

/* Appends the text between quotes, at most six bytes for each of its own. */
void buffer_put_quoted(struct buffer *, struct slice text);

#endif
