/* tests/bench/requests.c - requests for the load generator, made beforehand
 *
 *	requests KIND --host HOST --tokens FILE --items N --count N
 *		[--table NAME] >FILE
 *
 * KIND is one of the kinds below. Reads are uniform over the items, a fifth of
 * them absent; writes in the order of items.h. TOKENS has one access token a
 * line; they take turns. For the kinds of AWS's form its lines are an access
 * key's id, its secret and the region; signatures hold for 15 minutes.
 */
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/crypto/sigv4.h"
#include "tests/bench/items.h"

#include "parlor/game/v1/matches.pb-c.h"
#include "parlor/kv/v1/kv.pb-c.h"

#include <getopt.h>

enum {
	BATCH = 25,
	ROWS_EACH = 20,
	REQUEST_MAX = 64 << 10,
	TOKENS_MAX = 100000
};

struct job {
	const char *host;
	char *table;
	char *tokens[TOKENS_MAX];
	size_t token_count;
	uint32_t items;
	uint64_t count;
};

static void read_tokens(struct job *j, const char *file)
{
	FILE *in = fopen(file, "re");
	char line[8192];

	if (!in) {
		perror(file);
		exit(2);
	}
	while (j->token_count < TOKENS_MAX && fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (*line)
			j->tokens[j->token_count++] = strdup(line);
	}
	fclose(in);
}

static void put_bytes(struct buffer *out)
{
	uint32_t size = (uint32_t)buffer_size(out);

	fwrite(&size, sizeof(size), 1, stdout);
	fwrite(buffer_slice(out).data, size, 1, stdout);
	buffer_release(out);
}

static void put_request(const struct job *j, const char *rpc, uint64_t number,
			struct slice body)
{
	struct buffer out;

	buffer_init(&out, REQUEST_MAX + body.size);
	buffer_printf(&out,
		      "POST /%s HTTP/1.1\r\n"
		      "Host: %s\r\n"
		      "Content-Type: application/proto\r\n"
		      "Connect-Protocol-Version: 1\r\n"
		      "Authorization: Bearer %s\r\n"
		      "Content-Length: %zu\r\n\r\n",
		      rpc, j->host, j->tokens[number % j->token_count],
		      body.size);
	buffer_put_slice(&out, body);
	put_bytes(&out);
}

static void put_message(const struct job *j, const char *rpc, uint64_t number,
			const ProtobufCMessage *message)
{
	static uint8_t bytes[REQUEST_MAX];

	if (protobuf_c_message_get_packed_size(message) > sizeof(bytes))
		abort();
	put_request(j, rpc, number,
		    slice_make(bytes, protobuf_c_message_pack(message, bytes)));
}

static ProtobufCBinaryData bytes_of(const struct buffer *b)
{
	struct slice s = buffer_slice(b);

	return (ProtobufCBinaryData){ s.size, (uint8_t *)s.data };
}

#define KEY_VALUE "parlor.kv.v1.KeyValue/"

/* A fifth of the draws lies above the items that are there. */
static void draw_key(const struct job *j, char key[ITEM_KEY_SIZE + 1])
{
	item_key_text(key, (uint32_t)random_below(j->items + j->items / 4u));
}

static void put_get_item(const struct job *j, uint64_t number,
			 const struct buffer *key)
{
	Parlor__Kv__V1__GetItemRequest get =
	    PARLOR__KV__V1__GET_ITEM_REQUEST__INIT;

	get.table_name = j->table;
	get.has_key = 1;
	get.key = bytes_of(key);
	put_message(j, KEY_VALUE "GetItem", number, &get.base);
}

static void put_get(const struct job *j, uint64_t number)
{
	char text[ITEM_KEY_SIZE + 1];
	struct buffer key;

	buffer_init(&key, 1024);
	draw_key(j, text);
	item_put_text(&key, "pk", ITEM_S, slice_of(text));
	put_get_item(j, number, &key);
	buffer_release(&key);
}

/* ---- rows: ROWS_EACH items under one partition key ---------------------- */

static void put_row_key(struct buffer *out, uint32_t n)
{
	char key[ITEM_KEY_SIZE + 1], sort[8];

	item_key_text(key, n / ROWS_EACH);
	snprintf(sort, sizeof(sort), "%02u", n % ROWS_EACH);
	item_put_text(out, "pk", ITEM_S, slice_of(key));
	item_put_text(out, "sk", ITEM_S, slice_of(sort));
}

static void put_row(struct buffer *out, uint32_t n)
{
	uint8_t data[ITEM_DATA_SIZE - 10];

	memset(data, 'a' + (int)(n % 26), sizeof(data));
	item_put_text(out, "data", ITEM_S, slice_make(data, sizeof(data)));
	put_row_key(out, n);
}

static void put_get_row(const struct job *j, uint64_t number)
{
	struct buffer key;

	buffer_init(&key, 1024);
	put_row_key(&key, (uint32_t)random_below(j->items + j->items / 4u));
	put_get_item(j, number, &key);
	buffer_release(&key);
}

static void put_query(const struct job *j, uint64_t number)
{
	Parlor__Kv__V1__QueryRequest query =
	    PARLOR__KV__V1__QUERY_REQUEST__INIT;
	char condition[] = "pk = :pk", key[ITEM_KEY_SIZE + 1];
	struct buffer values;

	buffer_init(&values, 1024);
	item_key_text(key, (uint32_t)random_below(j->items / ROWS_EACH));
	item_put_text(&values, ":pk", ITEM_S, slice_of(key));
	query.table_name = j->table;
	query.key_condition_expression = condition;
	query.has_expression_attribute_values = 1;
	query.expression_attribute_values = bytes_of(&values);
	put_message(j, KEY_VALUE "Query", number, &query.base);
	buffer_release(&values);
}

/* ---- AWS's form ---------------------------------------------------------- */

/* A header that is signed, in order of names. */
enum { SIGNED_COUNT = 5 };

struct signed_line {
	const char *name, *value;
};

static struct slice line_value(void *lines, struct slice name)
{
	const struct signed_line *line = lines;

	for (size_t i = 0; i < SIGNED_COUNT; i++)
		if (slice_is(name, line[i].name))
			return slice_of(line[i].value);
	return (struct slice){ 0 };
}

static void put_signed(const struct job *j, const char *target,
		       const char *body)
{
	char hash[HASH_HEX], date[SIGV4_DATE];
	struct signed_line lines[SIGNED_COUNT] = {
		{ "content-type", "application/x-amz-json-1.0" },
		{ "host", j->host },
		{ "x-amz-content-sha256", hash },
		{ "x-amz-date", date },
		{ "x-amz-target", target },
	};
	struct sigv4_request request = { .method = SLICE("POST"),
					 .path = SLICE("/"),
					 .header = line_value,
					 .request = lines };
	struct arena mem;
	struct buffer out;

	hash_sha256_hex(slice_of(body), hash);
	sigv4_date(clock_wall_ms(), date);
	request.body_sha256 = slice_of(hash);
	arena_init(&mem, REQUEST_MAX);
	buffer_init(&out, REQUEST_MAX);
	buffer_put_text(&out, "POST / HTTP/1.1\r\n");
	for (size_t i = 0; i < SIGNED_COUNT; i++)
		buffer_printf(&out, "%s: %s\r\n", lines[i].name,
			      lines[i].value);
	buffer_printf(&out,
		      "authorization: %s\r\n"
		      "content-length: %zu\r\n\r\n%s",
		      sigv4_sign(&request,
				 "content-type;host;x-amz-content-sha256;"
				 "x-amz-date;x-amz-target",
				 j->tokens[0], j->tokens[1], j->tokens[2],
				 "dynamodb", date, &mem),
		      strlen(body), body);
	put_bytes(&out);
	arena_release(&mem);
}

static void put_table_aws(const struct job *j, uint64_t number)
{
	char body[1024];

	(void)number;
	snprintf(
	    body, sizeof(body),
	    "{\"TableName\":\"%s\",\"BillingMode\":\"PAY_PER_REQUEST\","
	    "\"AttributeDefinitions\":["
	    "{\"AttributeName\":\"pk\",\"AttributeType\":\"S\"},"
	    "{\"AttributeName\":\"sk\",\"AttributeType\":\"S\"}],"
	    "\"KeySchema\":[{\"AttributeName\":\"pk\",\"KeyType\":\"HASH\"},"
	    "{\"AttributeName\":\"sk\",\"KeyType\":\"RANGE\"}]}",
	    j->table);
	put_signed(j, "DynamoDB_20120810.CreateTable", body);
}

static void put_get_aws(const struct job *j, uint64_t number)
{
	char key[ITEM_KEY_SIZE + 1], body[256];

	(void)number;
	draw_key(j, key);
	snprintf(body, sizeof(body),
		 "{\"TableName\":\"%s\",\"Key\":{\"pk\":{\"S\":\"%s\"}}}",
		 j->table, key);
	put_signed(j, "DynamoDB_20120810.GetItem", body);
}

/* Rows as above: the tables of both sides have the same keys. */
static void put_put_aws(const struct job *j, uint64_t number)
{
	uint32_t n = item_in_order(number, j->items);
	char key[ITEM_KEY_SIZE + 1], data[ITEM_DATA_SIZE + 1] = "", body[512];

	item_key_text(key, n / ROWS_EACH);
	memset(data, 'a' + (int)(n % 26), sizeof(data) - 11);
	snprintf(body, sizeof(body),
		 "{\"TableName\":\"%s\",\"Item\":{\"pk\":{\"S\":\"%s\"},"
		 "\"sk\":{\"S\":\"%02u\"},\"data\":{\"S\":\"%s\"}}}",
		 j->table, key, n % ROWS_EACH, data);
	put_signed(j, "DynamoDB_20120810.PutItem", body);
}

static void put_get_row_aws(const struct job *j, uint64_t number)
{
	uint32_t n = (uint32_t)random_below(j->items + j->items / 4u);
	char key[ITEM_KEY_SIZE + 1], body[256];

	(void)number;
	item_key_text(key, n / ROWS_EACH);
	snprintf(body, sizeof(body),
		 "{\"TableName\":\"%s\",\"Key\":{\"pk\":{\"S\":\"%s\"},"
		 "\"sk\":{\"S\":\"%02u\"}}}",
		 j->table, key, n % ROWS_EACH);
	put_signed(j, "DynamoDB_20120810.GetItem", body);
}

static void put_query_aws(const struct job *j, uint64_t number)
{
	char key[ITEM_KEY_SIZE + 1], body[256];

	(void)number;
	item_key_text(key, (uint32_t)random_below(j->items / ROWS_EACH));
	snprintf(body, sizeof(body),
		 "{\"TableName\":\"%s\",\"KeyConditionExpression\":"
		 "\"pk = :pk\",\"ExpressionAttributeValues\":"
		 "{\":pk\":{\"S\":\"%s\"}}}",
		 j->table, key);
	put_signed(j, "DynamoDB_20120810.Query", body);
}

/* ---- writes -------------------------------------------------------------- */

static void put_put(const struct job *j, uint64_t number)
{
	Parlor__Kv__V1__PutItemRequest put =
	    PARLOR__KV__V1__PUT_ITEM_REQUEST__INIT;
	struct buffer item;

	buffer_init(&item, 1024);
	item_put_all(&item, item_in_order(number, j->items));
	put.table_name = j->table;
	put.has_item = 1;
	put.item = bytes_of(&item);
	put_message(j, KEY_VALUE "PutItem", number, &put.base);
	buffer_release(&item);
}

/* A condition, and three clauses: the third removes what isn't there. */
static void put_update(const struct job *j, uint64_t number)
{
	Parlor__Kv__V1__UpdateItemRequest update =
	    PARLOR__KV__V1__UPDATE_ITEM_REQUEST__INIT;
	char clauses[] = "SET seen_at = :at ADD hit_count :one REMOVE old_name";
	char condition[] = "attribute_exists(pk)", text[ITEM_KEY_SIZE + 1];
	struct buffer key, values;

	buffer_init(&key, 1024);
	buffer_init(&values, 1024);
	item_key_text(text, item_in_order(number, j->items));
	item_put_text(&key, "pk", ITEM_S, slice_of(text));
	item_put_i64(&values, ":at", (int64_t)number);
	item_put_i64(&values, ":one", 1);
	update.table_name = j->table;
	update.has_key = 1;
	update.key = bytes_of(&key);
	update.update_expression = clauses;
	update.condition_expression = condition;
	update.has_expression_attribute_values = 1;
	update.expression_attribute_values = bytes_of(&values);
	put_message(j, KEY_VALUE "UpdateItem", number, &update.base);
	buffer_release(&key);
	buffer_release(&values);
}

static void fill(const struct job *j, uint64_t number,
		 void (*put_item)(struct buffer *, uint32_t n))
{
	Parlor__Kv__V1__BatchWriteItemRequest batch =
	    PARLOR__KV__V1__BATCH_WRITE_ITEM_REQUEST__INIT;
	Parlor__Kv__V1__BatchWriteItemRequest__RequestItemsEntry entry =
	    PARLOR__KV__V1__BATCH_WRITE_ITEM_REQUEST__REQUEST_ITEMS_ENTRY__INIT;
	Parlor__Kv__V1__BatchWriteItemRequest__RequestItemsEntry *entries[] = {
		&entry
	};
	Parlor__Kv__V1__WriteRequestList list =
	    PARLOR__KV__V1__WRITE_REQUEST_LIST__INIT;
	Parlor__Kv__V1__WriteRequest writes[BATCH], *rows[BATCH];
	Parlor__Kv__V1__PutRequest puts[BATCH];
	struct buffer items[BATCH];
	size_t count = 0;

	for (uint64_t i = number * BATCH; i < j->items && count < BATCH; i++) {
		buffer_init(&items[count], 1024);
		put_item(&items[count], item_in_order(i, j->items));
		parlor__kv__v1__put_request__init(&puts[count]);
		puts[count].has_item = 1;
		puts[count].item = bytes_of(&items[count]);
		parlor__kv__v1__write_request__init(&writes[count]);
		writes[count].put_request = &puts[count];
		rows[count] = &writes[count];
		count++;
	}
	list.requests = rows;
	list.n_requests = count;
	entry.key = j->table;
	entry.value = &list;
	batch.request_items = entries;
	batch.n_request_items = 1;
	put_message(j, KEY_VALUE "BatchWriteItem", number, &batch.base);
	while (count--)
		buffer_release(&items[count]);
}

static void put_fill(const struct job *j, uint64_t number)
{
	fill(j, number, item_put_all);
}

static void put_fill_rows(const struct job *j, uint64_t number)
{
	fill(j, number, put_row);
}

static void put_match(const struct job *j, uint64_t number)
{
	Parlor__Game__V1__GetMatchRequest get =
	    PARLOR__GAME__V1__GET_MATCH_REQUEST__INIT;
	char id[] = "match-0123456789abcdef";

	get.match_id = id;
	get.has_known_version = 1;
	get.known_version = (int64_t)number;
	put_message(j, "parlor.game.v1.Matches/GetMatch", number, &get.base);
}

static const struct kind {
	const char *name;
	void (*put)(const struct job *, uint64_t number);
	enum { COUNTED, ALL_ITEMS, SIGNED } manner;
} kinds[] = {
	{ "get", put_get, COUNTED },
	{ "put", put_put, COUNTED },
	{ "update", put_update, COUNTED },
	{ "fill", put_fill, ALL_ITEMS }, /* 25 a request */
	{ "get_row", put_get_row, COUNTED },
	{ "query", put_query, COUNTED }, /* of ROWS_EACH items */
	{ "fill_rows", put_fill_rows, ALL_ITEMS },
	{ "get_aws", put_get_aws, SIGNED },
	{ "table_aws", put_table_aws, SIGNED }, /* of rows */
	{ "get_row_aws", put_get_row_aws, SIGNED },
	{ "put_aws", put_put_aws, SIGNED },
	{ "query_aws", put_query_aws, SIGNED },
	{ "match", put_match, COUNTED }, /* GetMatch of the game */
};

static const struct kind *kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static _Noreturn void usage(void)
{
	fputs("usage: requests KIND --host HOST --tokens FILE --items N "
	      "[--count N] [--table NAME]\nKIND is",
	      stderr);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		fprintf(stderr, " %s", kinds[i].name);
	fputc('\n', stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "host", required_argument, NULL, 'h' },
		{ "tokens", required_argument, NULL, 't' },
		{ "items", required_argument, NULL, 'i' },
		{ "count", required_argument, NULL, 'c' },
		{ "table", required_argument, NULL, 'n' },
		{ 0 },
	};
	static char bench[] = "bench";
	static struct job job = { .table = bench };
	const struct kind *kind;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'h')
			job.host = optarg;
		else if (option == 't')
			read_tokens(&job, optarg);
		else if (option == 'i')
			job.items = (uint32_t)strtoul(optarg, NULL, 10);
		else if (option == 'c')
			job.count = strtoull(optarg, NULL, 10);
		else if (option == 'n')
			job.table = optarg;
		else
			usage();
	}
	kind = optind < argc ? kind_of(argv[optind]) : NULL;
	if (!kind || !job.host || !job.token_count || job.items < ROWS_EACH ||
	    (kind->manner == SIGNED && job.token_count != 3))
		usage();
	if (kind->manner == ALL_ITEMS)
		job.count = (job.items + BATCH - 1) / BATCH;
	for (uint64_t i = 0; i < job.count; i++)
		kind->put(&job, i);
	return fflush(stdout) != 0;
}
