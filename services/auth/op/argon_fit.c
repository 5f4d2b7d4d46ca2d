/* services/auth/op/argon_fit.c - what a hash may cost on this machine */
#include "services/auth/op/argon.h"

enum {
	MB = 1024,	 /* KiB */
	ALONE = 46 * MB, /* with so much, one pass will do */
	LEAST = 19 * MB, /* with two */
	SAMPLE = 64 * MB,
	PASSES_MAX = 64,
};

/* Time grows with memory, so what some of it takes tells how much fits. */
static uint32_t fit_memory(uint32_t max, int64_t target_us, uint32_t passes,
			   int64_t (*measure)(const struct argon_cost *,
					      void *),
			   void *arg)
{
	const struct argon_cost cost = { max < SAMPLE ? max : SAMPLE, passes,
					 1 };
	int64_t fits = cost.memory * target_us / measure(&cost, arg);

	return (uint32_t)((fits < max ? fits : max) / MB * MB);
}

struct argon_cost argon_fit(uint32_t memory_max, int64_t target_us,
			    int64_t (*measure)(const struct argon_cost *,
					       void *),
			    void *arg)
{
	uint32_t max = memory_max > LEAST ? memory_max : LEAST;
	struct argon_cost cost = { .passes = 1, .lanes = 1 };
	int64_t fits;

	cost.memory = fit_memory(max, target_us, 1, measure, arg);
	if (cost.memory < ALONE) {
		cost.passes = 2;
		cost.memory = fit_memory(max, target_us, 2, measure, arg);
	}
	if (cost.memory < LEAST)
		cost.memory = LEAST;
	fits = cost.passes * target_us / measure(&cost, arg);
	if (fits > cost.passes)
		cost.passes = (uint32_t)(fits < PASSES_MAX ? fits : PASSES_MAX);
	return cost;
}
