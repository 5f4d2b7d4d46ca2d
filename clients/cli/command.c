/* clients/cli/command.c - what the parlor command can do, a row each */
#include "clients/cli/command.h"

const struct command commands[] = {
	{ "sign-up", "USER",
	  "Makes an account; its code comes by mail. A guest's matches and "
	  "record go with it.",
	  OPTION_EMAIL | OPTION_PASSWORD_STDIN, sign_up },
	{ "confirm", "USER CODE", "Confirms an account by the code.", 0,
	  confirm },
	{ "sign-in", "[USER]", "Signs in and remembers it in the profile.",
	  OPTION_PASSWORD_STDIN | OPTION_GUEST, sign_in },
	{ "sign-out", "", "Revokes the profile's tokens and forgets them.", 0,
	  sign_out },
	{ "whoami", "", "Says who is signed in.", 0, whoami },
	{ "delete-account", "",
	  "Deletes the profile's account, with all that the game knows of "
	  "the player.",
	  0, delete_account },
	{ "play", "[MATCH]",
	  "Plays a match in the terminal: the one named, the one that is "
	  "under way, one that waits for a player, or a new one.",
	  OPTION_OPPONENT, play },
	{ "match create", "GAME",
	  "Opens a match, and waits for a player or begins against the "
	  "computer.",
	  OPTION_OPPONENT, match_create },
	{ "match join", "MATCH", "Takes the second seat of a match.", 0,
	  match_join },
	{ "match move", "MATCH MOVE",
	  "Makes a move; in connect-four the column, 0 to 6.", 0, match_move },
	{ "match show", "MATCH", "Shows a match of yours.", 0, match_show },
	{ "match resign", "MATCH", "Gives a match up.", 0, match_resign },
	{ "match cancel", "MATCH", "Waits for a player no longer.", 0,
	  match_cancel },
	{ "match rematch", "MATCH",
	  "Opens another match of the same two players, or joins the one that "
	  "the other player has opened so.",
	  0, match_rematch },
	{ "match list", "", "Lists your matches, the latest first.", 0,
	  match_list },
	{ "results", "[PLAYER]",
	  "Lists finished matches, yours or another player's, straight from "
	  "the store.",
	  0, results },
	{ "leaderboard", "[GAME]",
	  "Lists the best players, straight from the store.", 0, leaderboard },
	{ "kv key create", "",
	  "Makes an access key that signs for a principal, and prints it: its "
	  "secret can't be read again.",
	  OPTION_KEY, kv_key_create },
	{ "kv key list", "", "Lists the access keys and whom they sign for.", 0,
	  kv_key_list },
	{ "kv key revoke", "KEY",
	  "Deletes an access key: it signs nothing any "
	  "more.",
	  0, kv_key_revoke },
	{ "kv bill", "[MONTH]",
	  "Says what a month costs by the store's price sheet: this one, or "
	  "one as 2026-11.",
	  0, kv_bill },
	{ "kv policy explain", "PRINCIPAL ACTION TABLE",
	  "Says whether policies allow it, and what each statement has to "
	  "say; TABLE is a name, NAME/index/INDEX or an ARN. What no option "
	  "says is all there is.",
	  OPTION_EXPLAIN, policy_explain },
	{ "kv", "OPERATION JSON",
	  "Calls an operation of the store with DynamoDB's JSON ('-' reads "
	  "it from standard input), signed with the administrator's key, or "
	  "as the player when a profile is named.",
	  0, kv },
	{ "auth keys rotate", "[POOL]",
	  "Makes the next key that a pool's tokens are signed with, the "
	  "settings' own unless told; it signs when all verifiers have it.",
	  0, auth_keys_rotate },
	{ "auth", "OPERATION [JSON]",
	  "Calls an operation of the user pool with Cognito's JSON, likewise. "
	  "UserPoolId is the settings' own unless told.",
	  0, auth },
	{ "call", "SERVICE/METHOD JSON",
	  "Calls any operation of the suite with its request as JSON.", 0,
	  call },
	{ "init", "",
	  "Makes a data directory: keys, settings and an administrator.",
	  OPTION_INIT, init },
	{ 0 }
};

/* ---- finding ------------------------------------------------------------------ */

/* How many of `words` spell the name; 0 if they don't. */
static int words_match(const char *name, char *const *words, int count)
{
	struct slice rest = slice_of(name);
	int taken = 0;

	while (rest.size > 0) {
		struct slice word = slice_cut(&rest, ' ');

		if (taken == count || !slice_is(word, words[taken]))
			return 0;
		taken++;
	}
	return taken;
}

const struct command *command_find(char *const *words, int count, int *taken)
{
	for (const struct command *row = commands; row->name; row++) {
		*taken = words_match(row->name, words, count);
		if (*taken > 0)
			return row;
	}
	return NULL;
}

bool command_takes(const struct command *row, int count)
{
	struct slice rest = slice_of(row->arguments);
	int least = 0, most = 0;

	while (rest.size > 0) {
		least += slice_cut(&rest, ' ').data[0] != '[';
		most++;
	}
	return count >= least && count <= most;
}
