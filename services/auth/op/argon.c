/* services/auth/op/argon.c - passwords at rest: Argon2id */
#include "services/auth/op/argon.h"
#include "lib/base/random.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/per_thread.h"
#include "lib/meter/metric.h"

#include <argon2.h>
#include <stdatomic.h>
#include <sys/mman.h>

enum {
	SALT = 16,
	HASH = 32,
	MEMORY_MAX = 1 << 20, /* KiB */
	PASSES_MAX = 64,
	LANES_MAX = 16,
	HUGE_PAGE = 2 << 20,
};

/* A hash taken apart. */
struct phc {
	struct argon_cost cost;
	uint8_t salt[SALT], hash[HASH];
};

/* ---- memory --------------------------------------------------------------- */

/* What a thread of the pool keeps mapped. */
struct block {
	uint8_t *memory;
	size_t size;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct per_thread blocks;
static atomic_int busy; /* hashes under way in the process */
static struct metric *done;

static void block_stop(void *value)
{
	struct block *block = value;

	if (block->memory)
		munmap(block->memory, block->size);
}

static void start(void)
{
	per_thread_init(&blocks, sizeof(struct block), NULL, block_stop);
	done = metric_counter("parlor_auth_password_hashes_total",
			      "Hashes of passwords, also for names that nobody "
			      "has.",
			      "");
}

static int borrow(uint8_t **memory, size_t size)
{
	struct block *block = per_thread_get(&blocks);

	if (block->size < size) {
		block_stop(block);
		*block = (struct block){ 0 };
		size = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
		block->memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (block->memory == MAP_FAILED)
			abort(); /* lack of memory ends the process */
		block->size = size;
		madvise(block->memory, size, MADV_HUGEPAGE);
	}
	*memory = block->memory;
	return 0;
}

/* argon2 has wiped it. */
static void give_back(uint8_t *memory, size_t size)
{
	(void)size;
	if (atomic_load(&busy) <= 1)
		madvise(memory, ((struct block *)per_thread_get(&blocks))->size,
			MADV_DONTNEED);
}

static void compute(struct phc *phc, struct slice password, uint8_t out[HASH])
{
	argon2_context context = {
		.out = out,
		.outlen = HASH,
		.pwd = (uint8_t *)password.data,
		.pwdlen = (uint32_t)password.size,
		.salt = phc->salt,
		.saltlen = SALT,
		.t_cost = phc->cost.passes,
		.m_cost = phc->cost.memory,
		.lanes = phc->cost.lanes,
		.threads = 1,
		.version = ARGON2_VERSION_13,
		.allocate_cbk = borrow,
		.free_cbk = give_back,
	};

	pthread_once(&once, start);
	atomic_fetch_add(&busy, 1);
	if (argon2_ctx(&context, Argon2_id) != ARGON2_OK)
		abort(); /* the cost was checked: lack of memory */
	atomic_fetch_sub(&busy, 1);
	metric_add(done, 1);
}

/* ---- the text ------------------------------------------------------------- */

/* Base64 of the standard alphabet without padding, as PHC has it. */
static int put_base64(struct slice bytes, char *out)
{
	size_t size = base64_encode(bytes, out);

	while (size && out[size - 1] == '=')
		size--;
	return (int)size;
}

static int get_base64(struct slice text, uint8_t *out, size_t want)
{
	char padded[BASE64_SIZE(HASH)];
	uint8_t bytes[BASE64_BYTES(BASE64_SIZE(HASH))];
	size_t size;

	if (text.size > sizeof(padded))
		return -E_INVALID;
	memset(padded, '=', sizeof(padded));
	memcpy(padded, text.data, text.size);
	if (base64_decode(slice_make(padded, (text.size + 3) / 4 * 4), bytes,
			  &size) ||
	    size != want)
		return -E_INVALID;
	memcpy(out, bytes, want);
	return 0;
}

static void format(const struct phc *phc, char out[ARGON_TEXT])
{
	char salt[BASE64_SIZE(SALT)], hash[BASE64_SIZE(HASH)];
	int salt_size = put_base64(slice_make(phc->salt, SALT), salt);
	int hash_size = put_base64(slice_make(phc->hash, HASH), hash);

	snprintf(out, ARGON_TEXT, "$argon2id$v=19$m=%u,t=%u,p=%u$%.*s$%.*s",
		 phc->cost.memory, phc->cost.passes, phc->cost.lanes, salt_size,
		 salt, hash_size, hash);
}

/* "NAME=NUMBER" up to the next comma, 1 to max. */
static int get_number(struct slice *rest, const char *name, uint32_t max,
		      uint32_t *out)
{
	struct slice value = slice_cut(rest, ',');
	struct slice key = slice_cut(&value, '=');
	uint64_t number;

	if (!slice_is(key, name) || slice_to_u64(value, max, &number) ||
	    !number)
		return -E_INVALID;
	*out = (uint32_t)number;
	return 0;
}

static int parse(struct slice text, struct phc *phc)
{
	struct slice cost;

	if (slice_cut(&text, '$').size ||
	    !slice_is(slice_cut(&text, '$'), "argon2id") ||
	    !slice_is(slice_cut(&text, '$'), "v=19"))
		return -E_INVALID;
	cost = slice_cut(&text, '$');
	if (get_number(&cost, "m", MEMORY_MAX, &phc->cost.memory) ||
	    get_number(&cost, "t", PASSES_MAX, &phc->cost.passes) ||
	    get_number(&cost, "p", LANES_MAX, &phc->cost.lanes) || cost.size ||
	    phc->cost.memory < 8 * phc->cost.lanes)
		return -E_INVALID;
	if (get_base64(slice_cut(&text, '$'), phc->salt, SALT))
		return -E_INVALID;
	return get_base64(text, phc->hash, HASH);
}

/* ---- both ----------------------------------------------------------------- */

void argon_hash(const struct argon_cost *cost, struct slice password,
		char out[ARGON_TEXT])
{
	struct phc phc = { .cost = *cost };

	random_bytes(phc.salt, SALT);
	compute(&phc, password, phc.hash);
	format(&phc, out);
}

void argon_dummy(const struct argon_cost *cost, char out[ARGON_TEXT])
{
	struct phc phc = { .cost = *cost };

	random_bytes(phc.salt, SALT);
	random_bytes(phc.hash, HASH);
	format(&phc, out);
}

bool argon_verify(struct slice text, struct slice password)
{
	uint8_t hash[HASH];
	struct phc phc;

	if (parse(text, &phc))
		return false;
	compute(&phc, password, hash);
	return slice_equal_secret(slice_make(hash, HASH),
				  slice_make(phc.hash, HASH));
}
