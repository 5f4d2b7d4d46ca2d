/* lib/conf/nearest.h - which known word a mistaken one was meant to be
 *
 * Words within a third of its letters count; of these the one that differs
 * least. Pure.
 */
#ifndef PARLOR_CONF_NEAREST_H
#define PARLOR_CONF_NEAREST_H

#include <stddef.h>
#include <stdint.h>

struct nearest {
	const char *word, *best; /* best: NULL while none comes near */
	size_t distance;
};

void nearest_init(struct nearest *, const char *word);
void nearest_consider(struct nearest *, const char *candidate);

#endif
