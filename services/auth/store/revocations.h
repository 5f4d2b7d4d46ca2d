/* services/auth/store/revocations.h - tokens that all daemons refuse, as items of
 * parlor.revocations
 *
 * In the order of time: each daemon asks once a second for what is newer
 * (lib/crypto/revocations.h, which says what a kind means).
 */
#ifndef PARLOR_AUTH_STORE_REVOCATIONS_H
#define PARLOR_AUTH_STORE_REVOCATIONS_H

#include "lib/crypto/revocations.h"
#include "services/auth/store/kv.h"

/* The write of one, among others: of tokens that were issued before the second
 * `before` (REVOKE_SUB), the last of which expires by `expires_at`. */
struct kv_write auth_revocations_write(struct call *, enum revocation_kind,
				       struct slice value, int64_t before,
				       int64_t expires_at);

#endif
