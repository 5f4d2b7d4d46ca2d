/* tests/bench/requests.c - requests for the load generator, made beforehand
 *
 *	requests KIND --host HOST --tokens FILE --items N --count N >FILE
 *
 * KIND is get (uniform over the items, a fifth of them absent), get_aws (the
 * same as AWS's SDKs ask, signed), put (in the order of items.h), fill (all
 * items, 25 a request) or match (GetMatch of the game). TOKENS has one access
 * token a line; they take turns. For get_aws its lines are an access key's id,
 * its secret and the region; signatures hold for 15 minutes.
 */
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/crypto/sigv4.h"
#include "tests/bench/items.h"

#include "parlor/game/v1/matches.pb-c.h"
#include "parlor/kv/v1/kv.pb-c.h"

#include <getopt.h>

enum { BATCH = 25, REQUEST_MAX = 64 << 10, TOKENS_MAX = 100000 };

struct job {
	const char *host;
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

static char table[] = "bench";

/* A fifth of the draws lies above the items that are there. */
static void draw_key(const struct job *j, char key[ITEM_KEY_SIZE + 1])
{
	item_key_text(key, (uint32_t)random_below(j->items + j->items / 4u));
}

static void put_get(const struct job *j, uint64_t number)
{
	Parlor__Kv__V1__GetItemRequest get =
	    PARLOR__KV__V1__GET_ITEM_REQUEST__INIT;
	char key[ITEM_KEY_SIZE + 1];
	struct buffer item;

	buffer_init(&item, 1024);
	draw_key(j, key);
	item_put_text(&item, "pk", ITEM_S, slice_of(key));
	get.table_name = table;
	get.has_key = 1;
	get.key = bytes_of(&item);
	put_message(j, KEY_VALUE "GetItem", number, &get.base);
	buffer_release(&item);
}

/* A header that is signed, in order of names. */
enum { SIGNED_COUNT = 5 };

struct signed_line {
	const char *name, *value;
};

static struct slice line_value(void *lines, const char *name)
{
	const struct signed_line *line = lines;

	for (size_t i = 0; i < SIGNED_COUNT; i++)
		if (strcmp(line[i].name, name) == 0)
			return slice_of(line[i].value);
	return (struct slice){ 0 };
}

static void put_get_aws(const struct job *j, uint64_t number)
{
	char key[ITEM_KEY_SIZE + 1], body[256], hash[HASH_HEX];
	char date[SIGV4_DATE];
	struct signed_line lines[SIGNED_COUNT] = {
		{ "content-type", "application/x-amz-json-1.0" },
		{ "host", j->host },
		{ "x-amz-content-sha256", hash },
		{ "x-amz-date", date },
		{ "x-amz-target", "DynamoDB_20120810.GetItem" },
	};
	struct sigv4_request request = { .method = SLICE("POST"),
					 .path = SLICE("/"),
					 .header = line_value,
					 .request = lines };
	struct arena mem;
	struct buffer out;

	(void)number;
	draw_key(j, key);
	snprintf(body, sizeof(body),
		 "{\"TableName\":\"%s\",\"Key\":{\"pk\":{\"S\":\"%s\"}}}",
		 table, key);
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

static void put_put(const struct job *j, uint64_t number)
{
	Parlor__Kv__V1__PutItemRequest put =
	    PARLOR__KV__V1__PUT_ITEM_REQUEST__INIT;
	struct buffer item;

	buffer_init(&item, 1024);
	item_put_all(&item, item_in_order(number, j->items));
	put.table_name = table;
	put.has_item = 1;
	put.item = bytes_of(&item);
	put_message(j, KEY_VALUE "PutItem", number, &put.base);
	buffer_release(&item);
}

static void put_fill(const struct job *j, uint64_t number)
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
		item_put_all(&items[count], item_in_order(i, j->items));
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
	entry.key = table;
	entry.value = &list;
	batch.request_items = entries;
	batch.n_request_items = 1;
	put_message(j, KEY_VALUE "BatchWriteItem", number, &batch.base);
	while (count--)
		buffer_release(&items[count]);
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

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*put)(const struct job *, uint64_t number);
	} kinds[] = {
		{ "get", put_get },	{ "get_aws", put_get_aws },
		{ "put", put_put },	{ "fill", put_fill },
		{ "match", put_match },
	};
	static const struct option options[] = {
		{ "host", required_argument, NULL, 'h' },
		{ "tokens", required_argument, NULL, 't' },
		{ "items", required_argument, NULL, 'i' },
		{ "count", required_argument, NULL, 'c' },
		{ 0 },
	};
	static struct job job;
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
		else
			return 2;
	}
	for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
		if (optind == argc || strcmp(kinds[k].name, argv[optind]) != 0)
			continue;
		if (!job.host || !job.token_count || !job.items)
			break;
		if (kinds[k].put == put_get_aws && job.token_count != 3)
			break;
		if (kinds[k].put == put_fill)
			job.count = (job.items + BATCH - 1) / BATCH;
		for (uint64_t i = 0; i < job.count; i++)
			kinds[k].put(&job, i);
		return fflush(stdout) != 0;
	}
	fputs("usage: requests get|get_aws|put|fill|match --host HOST --tokens "
	      "FILE "
	      "--items N [--count N]\n",
	      stderr);
	return 2;
}
