/* services/auth/api/admin_get_user.c */
#include "services/auth/op/admin_get_user.h"
#include "services/auth/api/admin.h"
#include "services/auth/api/attributes.h"
#include "services/auth/model/factor.h"

static void done(struct call *c)
{
	const struct auth_user *user = ((struct auth_admin *)c->state)->user;
	Parlor__Auth__V1__AdminGetUserResponse answer =
	    PARLOR__AUTH__V1__ADMIN_GET_USER_RESPONSE__INIT;

	if (call_failed(c)) {
		call_reply(c, NULL);
		return;
	}
	answer.username = form_string(c, user->username);
	answer.user_attributes =
	    api_attributes_of(c, user, NULL, &answer.n_user_attributes);
	answer.has_user_create_date = answer.has_user_last_modified_date = 1;
	answer.user_create_date = (double)user->created_at;
	answer.user_last_modified_date = (double)user->modified_at;
	answer.has_enabled = 1;
	answer.enabled = !user->disabled;
	answer.user_status = (char *)auth_status_name(user->status);
	answer.user_mfa_setting_list =
	    api_factors_of(c, user, &answer.n_user_mfa_setting_list);
	answer.preferred_mfa_setting =
	    (char *)auth_factor_name(user->preferred);
	call_reply(c, &answer.base);
}

void api_admin_get_user(struct call *c)
{
	api_admin_user(c, done, auth_admin_get_user);
}
