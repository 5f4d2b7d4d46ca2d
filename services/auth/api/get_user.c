/* services/auth/api/get_user.c */
#include "services/auth/op/get_user.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

/* sub and email_verified stand beside what the user said. */
enum { ROWS = AUTH_ATTRIBUTES + 2, FACTORS = 2 };

struct rows {
	Parlor__Auth__V1__AttributeType rows[ROWS];
	Parlor__Auth__V1__AttributeType *pointers[ROWS];
	size_t count;
};

static void add(struct rows *rows, const char *name, char *value)
{
	Parlor__Auth__V1__AttributeType *row = &rows->rows[rows->count];

	parlor__auth__v1__attribute_type__init(row);
	row->name = (char *)name;
	row->value = value;
	rows->pointers[rows->count++] = row;
}

static void done(struct call *c)
{
	const struct auth_user *user = ((struct auth_get_user *)c->state)->user;
	Parlor__Auth__V1__GetUserResponse answer =
	    PARLOR__AUTH__V1__GET_USER_RESPONSE__INIT;
	const struct auth_factor_row *factor = auth_factor_rows;
	char *factors[FACTORS];
	struct rows rows = { .count = 0 };

	if (call_failed(c)) {
		call_reply(c, NULL);
		return;
	}
	add(&rows, "sub", form_string(c, user->sub));
	add(&rows, "email_verified",
	    (char *)(user->email_verified ? "true" : "false"));
	for (int i = 0; i < AUTH_ATTRIBUTES; i++)
		if (user->attributes[i].size)
			add(&rows, auth_attribute_name((enum auth_attribute)i),
			    form_string(c, user->attributes[i]));
	for (; factor->factor; factor++)
		if (user->factors & factor->factor)
			factors[answer.n_user_mfa_setting_list++] =
			    (char *)factor->name;
	answer.user_mfa_setting_list = factors;
	answer.preferred_mfa_setting =
	    (char *)auth_factor_name(user->preferred);
	answer.username = form_string(c, user->username);
	answer.n_user_attributes = rows.count;
	answer.user_attributes = rows.pointers;
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
