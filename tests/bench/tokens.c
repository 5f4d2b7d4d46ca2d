/* tests/bench/tokens.c - access tokens of a pool that nobody has to ask
 *
 *	tokens --issuer URL --client ID --count N --jwks FILE >TOKENS
 *
 * Makes a key pair, writes its public half to FILE, as a daemon keeps its copy of
 * the users' keys, and prints N tokens, a line and a user each, good for a day.
 */
#include "lib/base/clock.h"
#include "lib/crypto/token.h"

#include <getopt.h>

enum { DAY = 86400 };

static int write_jwks(const struct key *key, const char *path)
{
	FILE *file = fopen(path, "we");
	struct buffer text;

	if (!file) {
		perror(path);
		return -1;
	}
	buffer_init(&text, 65536);
	buffer_put_text(&text, "{\"keys\":[");
	key_put_jwk(key, "bench", &text);
	buffer_put_text(&text, "]}\n");
	fwrite(buffer_slice(&text).data, 1, buffer_size(&text), file);
	buffer_release(&text);
	return fclose(file);
}

static void put_token(const struct key *key, const char *issuer,
		      const char *client, long number)
{
	long long now = clock_wall_ms() / 1000;
	struct buffer claims, token;

	buffer_init(&claims, 4096);
	buffer_init(&token, 8192);
	buffer_printf(&claims,
		      "{\"sub\":\"bench-%ld\",\"iss\":\"%s\","
		      "\"client_id\":\"%s\",\"origin_jti\":\"o-%ld\","
		      "\"jti\":\"j-%ld\",\"token_use\":\"access\","
		      "\"scope\":\"aws.cognito.signin.user.admin\","
		      "\"auth_time\":%lld,\"iat\":%lld,\"exp\":%lld,"
		      "\"username\":\"bench-%ld\"}",
		      number, issuer, client, number, number, now, now,
		      now + DAY, number);
	token_sign(key, "bench", buffer_slice(&claims), &token);
	printf("%.*s\n", SLICE_ARGS(buffer_slice(&token)));
	buffer_release(&claims);
	buffer_release(&token);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "issuer", required_argument, NULL, 'i' },
		{ "client", required_argument, NULL, 'c' },
		{ "count", required_argument, NULL, 'n' },
		{ "jwks", required_argument, NULL, 'j' },
		{ 0 },
	};
	const char *issuer = NULL, *client = NULL, *jwks = NULL;
	struct key *key;
	long count = 0;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'i')
			issuer = optarg;
		else if (option == 'c')
			client = optarg;
		else if (option == 'n')
			count = strtol(optarg, NULL, 10);
		else if (option == 'j')
			jwks = optarg;
		else
			return 2;
	}
	if (!issuer || !client || !jwks || optind != argc) {
		fputs("usage: tokens --issuer URL --client ID --count N "
		      "--jwks FILE\n",
		      stderr);
		return 2;
	}
	key = key_generate(KEY_RS256);
	if (write_jwks(key, jwks) != 0)
		return 1;
	for (long i = 0; i < count; i++)
		put_token(key, issuer, client, i);
	key_release(key);
	return fflush(stdout) != 0;
}
