/* clients/cli/account.c - from sign-up and sign-in to the account's end */
#include "clients/cli/ask.h"
#include "clients/cli/command.h"
#include "clients/cli/endpoints.h"
#include "clients/cli/password.h"
#include "clients/cli/profile.h"

#include "parlor/auth/v1/user_pool.pb-c.h"
#include "parlor/game/v1/matches.pb-c.h"

#include <stdio.h>

/* Asks parlor-auth; NULL and failed when it refuses. */
static void *ask_auth(struct cli *c, const char *method,
		      const ProtobufCMessage *request,
		      const ProtobufCMessageDescriptor *answer)
{
	struct ask ask = { .at = AT_AUTH, .method = method };

	return ask_message(c, &ask, request, answer);
}

/* ---- sign-up ---------------------------------------------------------------------- */

static int ask_sign_up(struct cli *c, char *password)
{
	Parlor__Auth__V1__AttributeType email =
	    PARLOR__AUTH__V1__ATTRIBUTE_TYPE__INIT;
	Parlor__Auth__V1__AttributeType *attributes[] = { &email };
	Parlor__Auth__V1__SignUpRequest request =
	    PARLOR__AUTH__V1__SIGN_UP_REQUEST__INIT;
	const Parlor__Auth__V1__SignUpResponse *answer;
	const Parlor__Auth__V1__CodeDeliveryDetails *delivery;

	email.name = ask_text("email");
	email.value = ask_text(c->email);
	request.client_id = ask_text(c->endpoints.client_id);
	request.username = ask_text(cli_argument(c, 0));
	request.password = password;
	request.n_user_attributes = 1;
	request.user_attributes = attributes;
	request.access_token = ask_text(profile_guest_token(c));
	if (c->fault.code)
		return -c->fault.code;
	answer = ask_auth(c, "parlor.auth.v1.UserPool/SignUp", &request.base,
			  &parlor__auth__v1__sign_up_response__descriptor);
	if (!answer)
		return -c->fault.code;
	if (c->json)
		return cli_print_json(c, "parlor.auth.v1.SignUpResponse", 0);
	delivery = answer->code_delivery_details;
	if (answer->user_confirmed)
		printf("%s is ready: parlor sign-in %s\n", request.username,
		       request.username);
	else
		printf("a code was sent to %s: parlor confirm %s CODE\n",
		       delivery && delivery->destination ? delivery->destination
							 : c->email,
		       request.username);
	return 0;
}

int sign_up(struct cli *c)
{
	char password[PASSWORD_MAX];
	int result;

	if (!c->email)
		return cli_misuse(c, "--email ADDRESS is needed");
	if (endpoints_need(c) != 0 ||
	    password_read(c, "choose a password: ", password) != 0)
		return -c->fault.code;
	result = ask_sign_up(c, password);
	explicit_bzero(password, sizeof(password));
	return result;
}

/* Has the profile's guest become this account? Then the profile is its. */
static bool guest_became(struct cli *c, const char *username)
{
	struct profile profile;

	return profile_guest_token(c) && profile_read(c, &profile) == 0 &&
	       profile_refresh(c, &profile) == 0 &&
	       strcasecmp(profile.username, username) == 0;
}

int confirm(struct cli *c)
{
	Parlor__Auth__V1__ConfirmSignUpRequest request =
	    PARLOR__AUTH__V1__CONFIRM_SIGN_UP_REQUEST__INIT;

	if (endpoints_need(c) != 0)
		return -c->fault.code;
	request.client_id = ask_text(c->endpoints.client_id);
	request.username = ask_text(cli_argument(c, 0));
	request.confirmation_code = ask_text(cli_argument(c, 1));
	if (!ask_auth(c, "parlor.auth.v1.UserPool/ConfirmSignUp", &request.base,
		      &parlor__auth__v1__confirm_sign_up_response__descriptor))
		return -c->fault.code;
	if (c->json)
		cli_print_json(c, "parlor.auth.v1.ConfirmSignUpResponse", 0);
	if (guest_became(c, request.username) && !c->json)
		printf("signed in as %s\n", request.username);
	else if (!c->json)
		printf("%s is ready: parlor sign-in %s\n", request.username,
		       request.username);
	return -c->fault.code;
}

/* ---- sign-in ----------------------------------------------------------------------- */

/* Sends it and keeps the tokens of its answer. */
static int ask_tokens(struct cli *c,
		      Parlor__Auth__V1__InitiateAuthRequest *request)
{
	const Parlor__Auth__V1__InitiateAuthResponse *answer;

	request->client_id = ask_text(c->endpoints.client_id);
	answer =
	    ask_auth(c, "parlor.auth.v1.UserPool/InitiateAuth", &request->base,
		     &parlor__auth__v1__initiate_auth_response__descriptor);
	if (!answer)
		return -c->fault.code;
	if (!answer->authentication_result ||
	    !answer->authentication_result->access_token)
		return cli_fail(c, E_UNIMPLEMENTED,
				"the challenge '%s' is not known here",
				answer->challenge_name ? answer->challenge_name
						       : "");
	return profile_keep(c, answer->authentication_result,
			    cli_argument(c, 0), NULL);
}

static int ask_by_password(struct cli *c, char *password)
{
	Parlor__Auth__V1__InitiateAuthRequest__AuthParametersEntry entries[] = {
		PARLOR__AUTH__V1__INITIATE_AUTH_REQUEST__AUTH_PARAMETERS_ENTRY__INIT,
		PARLOR__AUTH__V1__INITIATE_AUTH_REQUEST__AUTH_PARAMETERS_ENTRY__INIT,
	};
	Parlor__Auth__V1__InitiateAuthRequest__AuthParametersEntry *list[] = {
		&entries[0], &entries[1]
	};
	Parlor__Auth__V1__InitiateAuthRequest request =
	    PARLOR__AUTH__V1__INITIATE_AUTH_REQUEST__INIT;

	entries[0].key = ask_text("USERNAME");
	entries[0].value = ask_text(cli_argument(c, 0));
	entries[1].key = ask_text("PASSWORD");
	entries[1].value = password;
	request.auth_flow = ask_text("USER_PASSWORD_AUTH");
	request.n_auth_parameters = 2;
	request.auth_parameters = list;
	return ask_tokens(c, &request);
}

static int by_password(struct cli *c)
{
	char password[PASSWORD_MAX];
	int result = password_read(c, "password: ", password);

	if (result == 0)
		result = ask_by_password(c, password);
	explicit_bzero(password, sizeof(password));
	return result;
}

static int as_guest(struct cli *c)
{
	Parlor__Auth__V1__InitiateAuthRequest request =
	    PARLOR__AUTH__V1__INITIATE_AUTH_REQUEST__INIT;

	request.auth_flow = ask_text("GUEST_AUTH");
	return ask_tokens(c, &request);
}

int sign_in(struct cli *c)
{
	struct profile profile;

	if (c->guest == (c->argument_count > 0))
		return cli_misuse(c, "either USER or --guest is needed");
	if (endpoints_need(c) != 0 ||
	    (c->guest ? as_guest(c) : by_password(c)) != 0 ||
	    profile_read(c, &profile) != 0)
		return -c->fault.code;
	if (c->json)
		return cli_print_json(c, "parlor.auth.v1.InitiateAuthResponse",
				      0);
	printf("signed in as %s\n", profile.username);
	return 0;
}

/* ---- who is signed in ----------------------------------------------------------------- */

int sign_out(struct cli *c)
{
	Parlor__Auth__V1__RevokeTokenRequest request =
	    PARLOR__AUTH__V1__REVOKE_TOKEN_REQUEST__INIT;
	struct profile profile;

	if (endpoints_need(c) != 0 || profile_read(c, &profile) != 0)
		return -c->fault.code;
	request.client_id = ask_text(c->endpoints.client_id);
	request.token = ask_text(profile.refresh_token);
	if (!ask_auth(c, "parlor.auth.v1.UserPool/RevokeToken", &request.base,
		      &parlor__auth__v1__revoke_token_response__descriptor))
		return -c->fault.code;
	profile_forget(c);
	if (c->json)
		return cli_print_json(c, "parlor.auth.v1.RevokeTokenResponse",
				      0);
	printf("%s is signed out\n", profile.username);
	return 0;
}

/* GetUser takes its token as a field: one that was just refreshed. */
int whoami(struct cli *c)
{
	Parlor__Auth__V1__GetUserRequest request =
	    PARLOR__AUTH__V1__GET_USER_REQUEST__INIT;
	const Parlor__Auth__V1__GetUserResponse *answer;
	struct profile profile;

	if (endpoints_need(c) != 0 || profile_fresh(c, &profile) != 0)
		return -c->fault.code;
	request.access_token = ask_text(profile.access_token);
	answer = ask_auth(c, "parlor.auth.v1.UserPool/GetUser", &request.base,
			  &parlor__auth__v1__get_user_response__descriptor);
	if (!answer)
		return -c->fault.code;
	if (c->json)
		return cli_print_json(c, "parlor.auth.v1.GetUserResponse", 0);
	printf("%s\n", answer->username ? answer->username : profile.username);
	for (size_t i = 0; i < answer->n_user_attributes; i++) {
		const Parlor__Auth__V1__AttributeType *attribute =
		    answer->user_attributes[i];

		if (attribute->name && attribute->value)
			printf("  %s: %s\n", attribute->name, attribute->value);
	}
	return 0;
}

/* ---- its end ------------------------------------------------------------------------- */

/* All that the game knows of the player, while there is a token to say so. */
static int delete_player(struct cli *c)
{
	const struct ask ask = { .at = AT_GATEWAY,
				 .method =
				     "parlor.game.v1.Matches/DeletePlayer",
				 .as = ASK_AS_PLAYER,
				 .patience_ms = ASK_PATIENCE_MS };
	const Parlor__Game__V1__DeletePlayerRequest request =
	    PARLOR__GAME__V1__DELETE_PLAYER_REQUEST__INIT;
	const Parlor__Game__V1__DeletePlayerResponse *answer;

	do {
		answer = ask_message(
		    c, &ask, &request.base,
		    &parlor__game__v1__delete_player_response__descriptor);
	} while (answer && !answer->done);
	return -c->fault.code;
}

int delete_account(struct cli *c)
{
	Parlor__Auth__V1__DeleteUserRequest request =
	    PARLOR__AUTH__V1__DELETE_USER_REQUEST__INIT;
	struct profile profile;

	if (endpoints_need(c) != 0 || delete_player(c) != 0 ||
	    profile_fresh(c, &profile) != 0)
		return -c->fault.code;
	request.access_token = ask_text(profile.access_token);
	if (!ask_auth(c, "parlor.auth.v1.UserPool/DeleteUser", &request.base,
		      &parlor__auth__v1__delete_user_response__descriptor))
		return -c->fault.code;
	profile_forget(c);
	if (c->json)
		return cli_print_json(c, "parlor.auth.v1.DeleteUserResponse",
				      0);
	printf("%s is deleted\n", profile.username);
	return 0;
}
