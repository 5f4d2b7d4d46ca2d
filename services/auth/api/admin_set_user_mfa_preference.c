/* services/auth/api/admin_set_user_mfa_preference.c */
#include "services/auth/op/admin_set_user_mfa_preference.h"
#include "services/auth/api/admin.h"
#include "services/auth/api/mfa_wish.h"

void api_admin_set_user_mfa_preference(struct call *c)
{
	const Parlor__Auth__V1__AdminSetUserMFAPreferenceRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__admin_set_user_mfapreference_request__descriptor);
	struct auth_admin_mfa *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = api_admin_done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->admin.username = form_text(request->username);
	api_mfa_wish(&s->wish, &(struct api_mfa_settings){
				   request->sms_mfa_settings,
				   request->software_token_mfa_settings,
				   request->email_mfa_settings });
	auth_admin_set_user_mfa_preference(c, s);
}
