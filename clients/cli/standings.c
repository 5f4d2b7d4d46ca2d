/* clients/cli/standings.c - leaderboard and results, straight from the store
 *
 * Both are queries that parlor-kv answers to the player's own token, because
 * the table's policy lets any player read these keys.
 */
#include "clients/cli/ask.h"
#include "clients/cli/command.h"
#include "clients/cli/profile.h"
#include "lib/base/clock.h"
#include "lib/item/item.h"

#include "parlor/kv/v1/kv.pb-c.h"

#include <stdio.h>

enum { TOP = 20, LATEST = 20, VALUES_MAX = 4096 };

#define TABLE "game"
#define USUAL_GAME "connect-four"
#define SEASON "1"

static Parlor__Kv__V1__QueryResponse *query(
    struct cli *c, const Parlor__Kv__V1__QueryRequest *request)
{
	struct ask ask = { .at = AT_KV,
			   .method = "parlor.kv.v1.KeyValue/Query",
			   .as = ASK_AS_PLAYER,
			   .patience_ms = ASK_PATIENCE_MS };

	return ask_message(c, &ask, &request->base,
			   &parlor__kv__v1__query_response__descriptor);
}

/* Sets the values of a request's expressions: texts by their names. */
static void set_values(struct cli *c, Parlor__Kv__V1__QueryRequest *request,
		       const char *name, const char *value,
		       const char *other_name, const char *other_value)
{
	struct buffer values;
	struct slice bytes;

	buffer_init(&values, VALUES_MAX);
	item_put_text(&values, name, ITEM_S, slice_of(value));
	if (other_name)
		item_put_text(&values, other_name, ITEM_S,
			      slice_of(other_value));
	bytes = arena_slice(&c->mem, buffer_slice(&values));
	buffer_release(&values);
	request->has_expression_attribute_values = true;
	request->expression_attribute_values =
	    (ProtobufCBinaryData){ bytes.size,
				   (uint8_t *)(uintptr_t)bytes.data };
}

static struct slice row_of(const Parlor__Kv__V1__QueryResponse *answer,
			   size_t i)
{
	return slice_make(answer->items[i].data, answer->items[i].len);
}

/* ---- the leaderboard -------------------------------------------------------------------- */

static void init_board_query(struct cli *c, const char *game,
			     Parlor__Kv__V1__QueryRequest *request)
{
	parlor__kv__v1__query_request__init(request);
	request->table_name = ask_text(TABLE);
	request->index_name = ask_text("leaderboard");
	request->key_condition_expression = ask_text("board = :board");
	request->has_scan_index_forward = true; /* the highest score first */
	request->scan_index_forward = false;
	set_values(c, request, ":board",
		   arena_printf(&c->mem, "%s#" SEASON, game), NULL, NULL);
}

static void print_board(const Parlor__Kv__V1__QueryResponse *answer)
{
	printf("rank  score  won  lost  drawn  player\n");
	for (size_t i = 0; i < answer->n_items; i++) {
		struct slice row = row_of(answer, i);

		printf("%4zu %6lld %4lld %5lld %6lld  %.*s\n", i + 1,
		       (long long)item_find_i64(row, "score", 0),
		       (long long)item_find_i64(row, "wins", 0),
		       (long long)item_find_i64(row, "losses", 0),
		       (long long)item_find_i64(row, "draws", 0),
		       SLICE_ARGS(item_find_text(row, ITEM_S, "name")));
	}
}

int leaderboard(struct cli *c)
{
	const char *game = cli_argument(c, 0);
	Parlor__Kv__V1__QueryRequest request;
	const Parlor__Kv__V1__QueryResponse *answer;

	init_board_query(c, game ? game : USUAL_GAME, &request);
	request.has_limit = true;
	request.limit = TOP;
	answer = query(c, &request);
	if (!answer)
		return -c->fault.code;
	if (c->json)
		return cli_print_json(c, "parlor.kv.v1.QueryResponse",
				      JSON_AWS);
	print_board(answer);
	return 0;
}

/* ---- results ------------------------------------------------------------------------------ */

/* Results are kept by sub. A player who has any is on the board, which has the
 * name; NULL and failed when nobody of that name is. */
static const char *find_sub(struct cli *c, const char *name)
{
	static Parlor__Kv__V1__QueryRequest__ExpressionAttributeNamesEntry entry =
	    PARLOR__KV__V1__QUERY_REQUEST__EXPRESSION_ATTRIBUTE_NAMES_ENTRY__INIT;
	static Parlor__Kv__V1__QueryRequest__ExpressionAttributeNamesEntry
	    *names[] = { &entry };
	const Parlor__Kv__V1__QueryResponse *answer;
	Parlor__Kv__V1__QueryRequest request;

	init_board_query(c, USUAL_GAME, &request);
	entry.key = ask_text("#name");
	entry.value = ask_text("name");
	request.n_expression_attribute_names = 1;
	request.expression_attribute_names = names;
	request.filter_expression = ask_text("#name = :name");
	set_values(c, &request, ":board", USUAL_GAME "#" SEASON, ":name", name);
	do {
		answer = query(c, &request);
		if (answer && answer->n_items > 0) {
			struct slice pk =
			    item_find_text(row_of(answer, 0), ITEM_S, "pk");

			slice_cut(&pk, '#');
			return arena_copy(&c->mem, pk.data, pk.size);
		}
		if (answer) {
			request.has_exclusive_start_key =
			    answer->has_last_evaluated_key;
			request.exclusive_start_key =
			    answer->last_evaluated_key;
		}
	} while (answer && answer->has_last_evaluated_key);
	cli_fail(c, E_MISSING, "no player '%s' has finished a match", name);
	return NULL;
}

static void print_result(struct slice row, const char *sub)
{
	struct slice players = item_find(row, "players").bytes, opponent;
	struct item_value player;
	char when[CLOCK_TEXT];

	opponent = SLICE("");
	while (item_next_value(ITEM_L, &players, &player) > 0)
		if (!slice_is(item_find_text(player.bytes, ITEM_S, "sub"), sub))
			opponent = item_find_text(player.bytes, ITEM_S, "name");
	if (opponent.size == 0) /* who has left */
		opponent = SLICE("somebody");
	clock_format(item_find_i64(row, "updated_at", 0), when);
	printf("%.19s  %-6.*s against %.*s  %.*s  %.*s\n", when,
	       SLICE_ARGS(item_find_text(row, ITEM_S, "outcome")),
	       SLICE_ARGS(opponent),
	       SLICE_ARGS(item_find_text(row, ITEM_S, "game")),
	       SLICE_ARGS(item_find_text(row, ITEM_S, "match_id")));
}

int results(struct cli *c)
{
	const char *name = cli_argument(c, 0), *sub;
	Parlor__Kv__V1__QueryRequest request =
	    PARLOR__KV__V1__QUERY_REQUEST__INIT;
	const Parlor__Kv__V1__QueryResponse *answer;
	struct profile profile;

	if (profile_read(c, &profile) != 0)
		return -c->fault.code;
	sub = !name || strcmp(name, profile.username) == 0 ? profile.sub
							   : find_sub(c, name);
	if (!sub)
		return -c->fault.code;
	request.table_name = ask_text(TABLE);
	request.key_condition_expression = ask_text("pk = :pk");
	request.has_scan_index_forward = request.has_limit = true;
	request.scan_index_forward = false; /* the latest first */
	request.limit = LATEST;
	set_values(c, &request, ":pk", arena_printf(&c->mem, "results#%s", sub),
		   NULL, NULL);
	answer = query(c, &request);
	if (!answer)
		return -c->fault.code;
	if (c->json)
		return cli_print_json(c, "parlor.kv.v1.QueryResponse",
				      JSON_AWS);
	for (size_t i = 0; i < answer->n_items; i++)
		print_result(row_of(answer, i), sub);
	return 0;
}
