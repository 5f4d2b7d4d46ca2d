/* lib/crypto/sigv4.c - AWS Signature Version 4: reading, checking, signing */
#include "lib/crypto/sigv4.h"

#include <openssl/crypto.h>

enum {
	CANONICAL_MAX = 64 * 1024,
	PARAMETERS_MAX = 100,
	SEGMENTS_MAX = 100,
};

#define ALGORITHM "AWS4-HMAC-SHA256"
#define TERMINATOR "aws4_request"

static const char mismatch[] =
    "The request signature we calculated does not match the signature you "
    "provided. Check your AWS Secret Access Key and signing method. Consult "
    "the service documentation for details.";

bool sigv4_claimed(struct slice authorization)
{
	return slice_starts(authorization, SLICE("AWS4-"));
}

void sigv4_date(int64_t wall_ms, char out[SIGV4_DATE])
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm parts;

	gmtime_r(&seconds, &parts);
	strftime(out, SIGV4_DATE, "%Y%m%dT%H%M%SZ", &parts);
}

/* Milliseconds since 1970; -E_INVALID when it is not of that form. strptime
 * would cost more than the signature's hash. */
static int read_date(struct slice date, int64_t *wall_ms)
{
	struct tm parts = { 0 }, given;
	const struct {
		size_t at, size;
		int *out, less;
	} fields[] = {
		{ 0, 4, &parts.tm_year, 1900 }, { 4, 2, &parts.tm_mon, 1 },
		{ 6, 2, &parts.tm_mday, 0 },	{ 9, 2, &parts.tm_hour, 0 },
		{ 11, 2, &parts.tm_min, 0 },	{ 13, 2, &parts.tm_sec, 0 },
	};
	uint64_t value;

	if (date.size != SIGV4_DATE - 1 || date.data[8] != 'T' ||
	    date.data[15] != 'Z')
		return -E_INVALID;
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (slice_to_u64(slice_make(date.data + fields[i].at,
					    fields[i].size),
				 9999, &value))
			return -E_INVALID;
		*fields[i].out = (int)value - fields[i].less;
	}
	given = parts;
	*wall_ms = (int64_t)timegm(&parts) * 1000;
	/* timegm takes 31 February for 3 March */
	return given.tm_mon == parts.tm_mon && given.tm_mday == parts.tm_mday &&
		       given.tm_hour == parts.tm_hour &&
		       given.tm_min == parts.tm_min &&
		       given.tm_sec == parts.tm_sec
		   ? 0
		   : -E_INVALID;
}

/* ---- the canonical request -------------------------------------------- */

/* RFC 3986's unreserved characters stand. */
static void put_encoded(struct buffer *out, struct slice text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    (c >= '0' && c <= '9') || (c && strchr("-._~", c))) {
			buffer_put_byte(out, c);
			continue;
		}
		buffer_put_byte(out, '%');
		buffer_put_byte(out, (uint8_t)digits[c >> 4]);
		buffer_put_byte(out, (uint8_t)digits[c & 15]);
	}
}

/* Without empty and "." segments, ".." taken away with the one before. The path
 * as sent is encoded once more, as for every service but S3. */
static int put_path(struct buffer *out, struct slice path)
{
	struct slice kept[SEGMENTS_MAX];
	size_t count = 0;
	bool slash = path.size && path.data[path.size - 1] == '/', dot = false;

	while (path.size) {
		struct slice segment = slice_cut(&path, '/');

		dot = slice_is(segment, ".") || slice_is(segment, "..");
		if (!segment.size || slice_is(segment, "."))
			continue;
		if (slice_is(segment, "..")) {
			count -= count > 0;
			continue;
		}
		if (count == SEGMENTS_MAX)
			return -E_INVALID;
		kept[count++] = segment;
	}
	for (size_t i = 0; i < count; i++) {
		buffer_put_byte(out, '/');
		put_encoded(out, kept[i]);
	}
	if (slash || dot || !count)
		buffer_put_byte(out, '/');
	return 0;
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decoded and encoded again, so that each character has one form. */
static int put_recoded(struct buffer *out, struct slice text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (c == '%') {
			int high, low;

			if (i + 2 >= text.size)
				return -E_INVALID;
			high = hex_digit(text.data[i + 1]);
			low = hex_digit(text.data[i + 2]);
			if (high < 0 || low < 0)
				return -E_INVALID;
			c = (uint8_t)(high << 4 | low);
			i += 2;
		}
		put_encoded(out, slice_make(&c, 1));
	}
	return 0;
}

struct parameter {
	struct slice name, value;
};

static int compare_parameters(const void *a, const void *b)
{
	const struct parameter *x = a, *y = b;
	int order = slice_compare(x->name, y->name);

	return order ? order : slice_compare(x->value, y->value);
}

/* Text of the arena, in the one form. */
static int recode(struct arena *mem, struct slice text, struct slice *out)
{
	struct buffer one;
	int result;

	buffer_init(&one, CANONICAL_MAX);
	result = put_recoded(&one, text);
	*out = arena_slice(mem, buffer_slice(&one));
	if (one.failed || mem->full)
		result = -E_INVALID;
	buffer_release(&one);
	return result;
}

static int put_query(struct buffer *out, struct slice query, struct arena *mem)
{
	struct parameter all[PARAMETERS_MAX];
	size_t count = 0;

	while (query.size) {
		struct slice pair = slice_cut(&query, '&');
		struct slice name = slice_cut(&pair, '=');

		if (!name.size && !pair.size)
			continue;
		if (count == PARAMETERS_MAX ||
		    recode(mem, name, &all[count].name) ||
		    recode(mem, pair, &all[count].value))
			return -E_INVALID;
		count++;
	}
	qsort(all, count, sizeof(*all), compare_parameters);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buffer_put_byte(out, '&');
		buffer_put_slice(out, all[i].name);
		buffer_put_byte(out, '=');
		buffer_put_slice(out, all[i].value);
	}
	return 0;
}

/* Trimmed, and runs of blanks inside as one. */
static void put_header_value(struct buffer *out, struct slice value)
{
	value = slice_trim(value);
	while (value.size) {
		struct slice word = slice_cut(&value, ' ');

		buffer_put_slice(out, word);
		if (value.size)
			buffer_put_byte(out, ' ');
		while (value.size && value.data[0] == ' ')
			value = slice_make(value.data + 1, value.size - 1);
	}
}

static int put_headers(struct buffer *out, const struct sigv4_request *r,
		       struct slice names)
{
	while (names.size) {
		struct slice name = slice_cut(&names, ';');
		struct slice value = r->header(r->request, name);

		if (!value.data)
			return -E_INVALID;
		buffer_put_slice(out, name);
		buffer_put_byte(out, ':');
		put_header_value(out, value);
		buffer_put_byte(out, '\n');
	}
	return 0;
}

int sigv4_canonical(const struct sigv4_request *r, struct slice signed_headers,
		    struct arena *mem, struct buffer *out)
{
	int failed;

	buffer_put_slice(out, r->method);
	buffer_put_byte(out, '\n');
	failed = put_path(out, r->path);
	buffer_put_byte(out, '\n');
	failed |= put_query(out, r->query, mem);
	buffer_put_byte(out, '\n');
	failed |= put_headers(out, r, signed_headers);
	buffer_put_byte(out, '\n');
	buffer_put_slice(out, signed_headers);
	buffer_put_byte(out, '\n');
	buffer_put_slice(out, r->body_sha256);
	return failed || out->failed ? -E_INVALID : 0;
}

/* ---- the Authorization header -------------------------------------------- */

/* "AKID/20150830/us-east-1/service/aws4_request"; slashes at its end are passed
 * over, as by AWS. */
static bool read_scope(struct slice text, struct sigv4_credential *c)
{
	while (text.size && text.data[text.size - 1] == '/')
		text.size--;
	c->access_key_id = slice_cut(&text, '/');
	c->day = slice_cut(&text, '/');
	c->region = slice_cut(&text, '/');
	c->service = slice_cut(&text, '/');
	c->terminator = text;
	return c->access_key_id.size && c->terminator.size &&
	       !memchr(text.data, '/', text.size);
}

static void read_field(struct slice field, struct sigv4_credential *c)
{
	struct slice name = slice_cut(&field, '=');

	if (slice_is(name, "Credential"))
		c->credential = field;
	else if (slice_is(name, "SignedHeaders"))
		c->signed_headers = field;
	else if (slice_is(name, "Signature"))
		c->signature = field;
}

/* "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…" in any order.
 * What is no such pair is what is returned, if anything. */
static struct slice read_fields(struct slice text, struct sigv4_credential *c)
{
	*c = (struct sigv4_credential){ .algorithm = slice_cut(&text, ' ') };
	while (text.size) {
		struct slice fields = slice_cut(&text, ',');

		while (fields.size) {
			struct slice field = slice_cut(&fields, ' ');

			if (field.size && !memchr(field.data, '=', field.size))
				return field;
			read_field(field, c);
		}
	}
	return text;
}

static int refuse_field(struct slice field, struct slice header,
			struct fault *fault)
{
	return fault_set(
	    fault, E_INCOMPLETE_SIGNATURE,
	    "'%.*s' not a valid key=value pair (missing equal-sign) in "
	    "Authorization header: '%.*s'.",
	    SLICE_HEAD(field, 256), SLICE_HEAD(header, 512));
}

static int refuse_incomplete(const struct sigv4_credential *c,
			     struct slice header, struct fault *fault)
{
	return fault_set(
	    fault, E_INCOMPLETE_SIGNATURE, "%s%s%s%sAuthorization=%.*s",
	    c->credential.size ? ""
			       : "Authorization header requires 'Credential' "
				 "parameter. ",
	    c->signature.size ? ""
			      : "Authorization header requires 'Signature' "
				"parameter. ",
	    c->signed_headers.size ? ""
				   : "Authorization header requires "
				     "'SignedHeaders' parameter. ",
	    c->date.size ? ""
			 : "Authorization header requires existence of either "
			   "a 'X-Amz-Date' or a 'Date' header. ",
	    SLICE_HEAD(header, 512));
}

static int check_algorithm(const struct sigv4_credential *c,
			   struct fault *fault)
{
	if (slice_is(c->algorithm, ALGORITHM))
		return 0;
	return fault_set(fault, E_INCOMPLETE_SIGNATURE,
			 "Unsupported AWS 'algorithm': '%.*s' (only " ALGORITHM
			 " for now). ",
			 SLICE_HEAD(c->algorithm, 64));
}

/* All that is wrong with it is said. */
static void complain_scope(const struct sigv4_credential *c, const char *region,
			   const char *service, struct buffer *out)
{
	if (!slice_is(c->region, region))
		buffer_printf(out,
			      "Credential should be scoped to a valid region, "
			      "not '%.*s'. ",
			      SLICE_ARGS(c->region));
	if (!slice_is(c->service, service))
		buffer_printf(out,
			      "Credential should be scoped to correct service: "
			      "'%s'. ",
			      service);
	if (!slice_is(c->terminator, TERMINATOR))
		buffer_printf(out,
			      "Credential should be scoped with a valid "
			      "terminator: '" TERMINATOR "', not '%.*s'. ",
			      SLICE_ARGS(c->terminator));
	if (!slice_equal(c->day, slice_make(c->date.data, 8)))
		buffer_printf(
		    out,
		    "Date in Credential scope does not match YYYYMMDD "
		    "from ISO-8601 version of date from HTTP: '%.*s' "
		    "!= '%.8s', from '%.*s'.",
		    SLICE_ARGS(c->day), (const char *)c->date.data,
		    SLICE_ARGS(c->date));
}

static int check_scope(const struct sigv4_credential *c, const char *region,
		       const char *service, struct fault *fault)
{
	struct buffer words;
	int result = 0;

	if (!c->terminator.size)
		return fault_set(
		    fault, E_INCOMPLETE_SIGNATURE,
		    "Credential must have exactly 5 slash-delimited elements, "
		    "e.g. keyid/date/region/service/term, got '%.*s'",
		    SLICE_HEAD(c->credential, 256));
	buffer_init(&words, FAULT_TEXT);
	complain_scope(c, region, service, &words);
	if (words.failed || buffer_size(&words))
		result = fault_set(fault, E_SIGNATURE, "%.*s",
				   SLICE_ARGS(buffer_slice(&words)));
	buffer_release(&words);
	return result;
}

static int check_clock(const struct sigv4_credential *c, int64_t now_ms,
		       struct fault *fault)
{
	char now[SIGV4_DATE], edge[SIGV4_DATE];
	int64_t when;

	if (read_date(c->date, &when))
		return fault_set(fault, E_INCOMPLETE_SIGNATURE,
				 "Date must be in ISO-8601 'basic format'. Got "
				 "'%.*s'. See "
				 "http://en.wikipedia.org/wiki/ISO_8601",
				 SLICE_HEAD(c->date, 64));
	if (when < now_ms - SIGV4_SKEW_MS) {
		sigv4_date(now_ms, now);
		sigv4_date(now_ms - SIGV4_SKEW_MS, edge);
		return fault_set(fault, E_SIGNATURE,
				 "Signature expired: %.*s is now earlier than "
				 "%s (%s - 15 min.)",
				 SLICE_ARGS(c->date), edge, now);
	}
	if (when > now_ms + SIGV4_SKEW_MS) {
		sigv4_date(now_ms, now);
		sigv4_date(now_ms + SIGV4_SKEW_MS, edge);
		return fault_set(fault, E_SIGNATURE,
				 "Signature not yet current: %.*s is still "
				 "later than %s (%s + 15 min.)",
				 SLICE_ARGS(c->date), edge, now);
	}
	return 0;
}

static bool is_signed(const struct sigv4_credential *c, struct slice name)
{
	struct slice names = c->signed_headers;

	while (names.size)
		if (slice_equal(slice_cut(&names, ';'), name))
			return true;
	return false;
}

/* What changes the request's meaning must be signed where it is sent. */
static int check_signed(const struct sigv4_request *r,
			const struct sigv4_credential *c, struct fault *fault)
{
	static const struct slice names[] = {
#define NAME(text) { (const uint8_t *)(text), sizeof(text) - 1 }
		NAME("x-amz-content-sha256"),
		NAME("x-amz-date"),
		NAME("x-amz-security-token"),
		NAME("x-amz-target"),
#undef NAME
	};

	if (!is_signed(c, SLICE("host")))
		return fault_set(fault, E_SIGNATURE,
				 "'Host' or ':authority' must be a "
				 "'SignedHeader' in the AWS Authorization.");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (r->header(r->request, names[i]).data &&
		    !is_signed(c, names[i]))
			return fault_set(fault, E_SIGNATURE,
					 "'%.*s' must be a 'SignedHeader' in "
					 "the AWS Authorization.",
					 SLICE_ARGS(names[i]));
	return 0;
}

/* Its value, "" where it has none; null data when it is not there. */
static struct slice query_value(struct slice query, const char *name)
{
	while (query.size) {
		struct slice value = slice_cut(&query, '&');

		if (slice_is(slice_cut(&value, '='), name))
			return value.size ? value : SLICE("");
	}
	return (struct slice){ 0 };
}

int sigv4_check_query(struct slice query, struct slice authorization,
		      struct fault *fault)
{
	static const char *const names[] = {
		"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature",
		"X-Amz-SignedHeaders", "X-Amz-Date"
	};
	char words[400];
	size_t used = 0;

	if (!query_value(query, names[0]).data)
		return 0;
	if (authorization.size)
		return fault_set(fault, E_SIGNATURE,
				 "Found both 'X-Amz-Algorithm' as a "
				 "query-string param and 'Authorization' as "
				 "HTTP header.");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!query_value(query, names[i]).size)
			used += (size_t)snprintf(
			    words + used, sizeof(words) - used,
			    "AWS query-string parameters must include '%s'. ",
			    names[i]);
	return used ? fault_set(fault, E_INCOMPLETE_SIGNATURE,
				"%sRe-examine the query-string parameters.",
				words)
		    : 0;
}

bool sigv4_read_scope(struct slice authorization, struct sigv4_credential *c)
{
	read_fields(authorization, c);
	return read_scope(c->credential, c);
}

int sigv4_read(const struct sigv4_request *r, struct slice authorization,
	       struct sigv4_credential *c, struct fault *fault)
{
	struct slice odd = read_fields(authorization, c);

	if (odd.size)
		return refuse_field(odd, authorization, fault);
	c->date = r->header(r->request, SLICE("x-amz-date"));
	if (!c->date.size)
		c->date = r->header(r->request, SLICE("date"));
	if (!c->credential.size || !c->signature.size ||
	    !c->signed_headers.size || !c->date.size)
		return refuse_incomplete(c, authorization, fault);
	if (!read_scope(c->credential, c))
		c->terminator = SLICE("");
	return 0;
}

int sigv4_check_scope(const struct sigv4_request *r,
		      const struct sigv4_credential *c, const char *region,
		      const char *service, int64_t now_ms, struct fault *fault)
{
	if (check_clock(c, now_ms, fault) || check_signed(r, c, fault) ||
	    check_algorithm(c, fault))
		return -fault->code;
	return check_scope(c, region, service, fault);
}

/* ---- the signature ---------------------------------------------------------
 */

void sigv4_day_key(struct slice secret, struct slice day, struct slice region,
		   struct slice service, uint8_t key[HASH_SIZE])
{
	uint8_t first[4 + 256] = { 'A', 'W', 'S', '4' };
	struct slice so_far = slice_make(key, HASH_SIZE);

	if (secret.size > sizeof(first) - 4)
		secret.size = sizeof(first) - 4;
	memcpy(first + 4, secret.data, secret.size);
	hash_hmac(slice_make(first, 4 + secret.size), day, key);
	hash_hmac(so_far, region, key);
	hash_hmac(so_far, service, key);
	hash_hmac(so_far, SLICE(TERMINATOR), key);
	OPENSSL_cleanse(first, sizeof(first));
}

/* The signature in hexadecimal; -E_INVALID without a canonical form. */
static int compute(const struct sigv4_request *r,
		   const struct sigv4_credential *c,
		   const uint8_t day_key[HASH_SIZE], struct arena *mem,
		   char out[HASH_HEX])
{
	char hash[HASH_HEX] = { 0 };
	const struct slice text[] = {
		SLICE(ALGORITHM "\n"),
		c->date,
		SLICE("\n"),
		c->day,
		SLICE("/"),
		c->region,
		SLICE("/"),
		c->service,
		SLICE("/"),
		c->terminator,
		SLICE("\n"),
		slice_make(hash, HASH_HEX - 1),
	};
	uint8_t signature[HASH_SIZE];
	struct buffer canonical;
	int failed;

	buffer_init(&canonical, CANONICAL_MAX);
	failed = sigv4_canonical(r, c->signed_headers, mem, &canonical);
	hash_sha256_hex(buffer_slice(&canonical), hash);
	buffer_release(&canonical);
	if (failed)
		return -E_INVALID;
	hash_hmac_pieces(slice_make(day_key, HASH_SIZE), text,
			 sizeof(text) / sizeof(*text), signature);
	hash_hex(signature, out);
	return 0;
}

int sigv4_check(const struct sigv4_request *r, const struct sigv4_credential *c,
		const uint8_t day_key[HASH_SIZE], struct arena *mem,
		struct fault *fault)
{
	char want[HASH_HEX];

	if (compute(r, c, day_key, mem, want) ||
	    !slice_equal_secret(c->signature, slice_of(want)))
		return fault_set(fault, E_SIGNATURE, "%s", mismatch);
	return 0;
}

const char *sigv4_sign(const struct sigv4_request *r,
		       const char *signed_headers, const char *access_key_id,
		       const char *secret, const char *region,
		       const char *service, const char *date, struct arena *mem)
{
	struct sigv4_credential c = {
		.access_key_id = slice_of(access_key_id),
		.day = slice_make(date, 8),
		.region = slice_of(region),
		.service = slice_of(service),
		.terminator = SLICE(TERMINATOR),
		.signed_headers = slice_of(signed_headers),
		.date = slice_of(date),
	};
	uint8_t key[HASH_SIZE];
	char signature[HASH_HEX];

	sigv4_day_key(slice_of(secret), c.day, c.region, c.service, key);
	if (compute(r, &c, key, mem, signature))
		return NULL;
	return arena_printf(mem,
			    ALGORITHM " Credential=%s/%.8s/%s/%s/" TERMINATOR
				      ", SignedHeaders=%s, Signature=%s",
			    access_key_id, date, region, service,
			    signed_headers, signature);
}
