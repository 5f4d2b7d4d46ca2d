/* lib/base/random.c - bytes nobody can guess, from the kernel */
#include "lib/base/random.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

void random_bytes(void *out, size_t size)
{
	uint8_t *at = out;

	while (size) {
		ssize_t got = getrandom(at, size, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			abort();
		at += got;
		size -= (size_t)got;
	}
}

uint64_t random_below(uint64_t below)
{
	uint64_t limit = UINT64_MAX - UINT64_MAX % below, value;

	do
		random_bytes(&value, sizeof(value));
	while (value >= limit);
	return value % below;
}

void random_text(char *out, size_t length, const char *alphabet)
{
	size_t letters = strlen(alphabet);

	for (size_t i = 0; i < length; i++)
		out[i] = alphabet[random_below(letters)];
	out[length] = '\0';
}
