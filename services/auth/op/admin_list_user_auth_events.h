/* services/auth/op/admin_list_user_auth_events.h - a user's part of the audit
 * log */
#ifndef PARLOR_AUTH_ADMIN_LIST_USER_AUTH_EVENTS_H
#define PARLOR_AUTH_ADMIN_LIST_USER_AUTH_EVENTS_H

#include "services/auth/op/admin.h"
#include "services/auth/store/events.h"

enum { AUTH_EVENTS_MAX = 60 };

struct auth_list_events {
	struct auth_admin admin;
	int64_t max;		  /* 0: as many as there may be */
	struct slice after;	  /* the last page's end; or empty */
	struct auth_events found; /* out */
	struct slice asked;	  /* the name, before it was resolved */
};

void auth_admin_list_user_auth_events(struct call *, struct auth_list_events *);

#endif
