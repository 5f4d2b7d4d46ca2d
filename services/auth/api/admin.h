/* services/auth/api/admin.h - what administrators' messages have in common */
#ifndef PARLOR_AUTH_API_ADMIN_H
#define PARLOR_AUTH_API_ADMIN_H

#include "services/auth/api/api.h"
#include "services/auth/api/form.h"
#include "services/auth/op/admin.h"

/* An operation that says nothing but which user, by an AdminUserRequest; `done`
 * answers. */
void api_admin_user(struct call *, void (*done)(struct call *),
		    void (*begin)(struct call *, struct auth_admin *));

/* Answers with an AdminUserResponse, or the call's fault. */
void api_admin_done(struct call *);

#endif
