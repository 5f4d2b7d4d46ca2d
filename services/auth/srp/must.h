/* services/auth/srp/must.h - OpenSSL's numbers fail for want of memory alone */
#ifndef PARLOR_AUTH_SRP_MUST_H
#define PARLOR_AUTH_SRP_MUST_H

#include <stdbool.h>
#include <stdlib.h>

/* The lack of memory ends the process. */
static inline void must(bool good)
{
	if (!good)
		abort();
}

#endif
