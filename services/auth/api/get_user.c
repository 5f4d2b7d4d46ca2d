/* services/auth/api/get_user.c */
#include "services/auth/op/get_user.h"
#include "services/auth/api/api.h"
#include "services/auth/api/attributes.h"
#include "services/auth/model/factor.h"

static void done(struct call *c)
{
	const struct auth_user *user = ((struct auth_get_user *)c->state)->user;
	Parlor__Auth__V1__GetUserResponse answer =
	    PARLOR__AUTH__V1__GET_USER_RESPONSE__INIT;

	if (call_failed(c)) {
		call_reply(c, NULL);
		return;
	}
	answer.username = form_string(c, user->username);
	answer.user_attributes = api_attributes_of(c, user, auth_client_of(c),
						   &answer.n_user_attributes);
	answer.user_mfa_setting_list =
	    api_factors_of(c, user, &answer.n_user_mfa_setting_list);
	answer.preferred_mfa_setting =
	    (char *)auth_factor_name(user->preferred);
	call_reply(c, &answer.base);
}

void api_get_user(struct call *c)
{
	const Parlor__Auth__V1__GetUserRequest *request =
	    call_unpack(c, &parlor__auth__v1__get_user_request__descriptor);
	struct auth_get_user *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->token = form_text(request->access_token);
	auth_get_user(c, s);
}
