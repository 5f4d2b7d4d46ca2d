/* lib/base/random.h - bytes nobody can guess, from the kernel
 *
 * Any thread. The process ends if the kernel gives none.
 */
#ifndef PARLOR_BASE_RANDOM_H
#define PARLOR_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

void random_bytes(void *out, size_t size);

/* Uniform in [0, below); `below` is not 0. */
uint64_t random_below(uint64_t below);

/* `length` characters drawn from `alphabet`, and a NUL. */
void random_text(char *out, size_t length, const char *alphabet);

#endif
