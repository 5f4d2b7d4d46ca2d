/* lib/conf/nearest.c - which known word a mistaken one was meant to be */
#include "lib/conf/nearest.h"

#include <string.h>

enum { WORD_MAX = 64 };

/* How many letters differ (Levenshtein), of short words. */
static size_t distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], width = strlen(b);

	if (strlen(a) > WORD_MAX || width > WORD_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= width; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= width; j++) {
			size_t best = corner + (a[i - 1] != b[j - 1]);

			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			corner = row[j];
			row[j] = best;
		}
	}
	return row[width];
}

void nearest_init(struct nearest *n, const char *word)
{
	*n = (struct nearest){ word, NULL, SIZE_MAX };
}

void nearest_consider(struct nearest *n, const char *candidate)
{
	size_t d = distance(n->word, candidate);

	if (d <= 1 + strlen(n->word) / 3 && d < n->distance) {
		n->distance = d;
		n->best = candidate;
	}
}
