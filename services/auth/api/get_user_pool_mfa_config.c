/* services/auth/api/get_user_pool_mfa_config.c */
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"
#include "services/auth/api/mfa_config_form.h"

void api_get_user_pool_mfa_config(struct call *c)
{
	const Parlor__Auth__V1__GetUserPoolMfaConfigRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__get_user_pool_mfa_config_request__descriptor);
	struct auth_mfa_config *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = api_answer_mfa_config;
	s->admin.pool_id = form_text(request->user_pool_id);
	auth_get_user_pool_mfa_config(c, s);
}
