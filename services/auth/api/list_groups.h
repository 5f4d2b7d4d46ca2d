/* services/auth/api/list_groups.h - groups in pages, as messages */
#ifndef PARLOR_AUTH_API_LIST_GROUPS_H
#define PARLOR_AUTH_API_LIST_GROUPS_H

#include "services/auth/api/group.h"
#include "services/auth/op/list_groups.h"

/* Answers with a ListGroupsResponse, or the call's fault. */
void api_list_groups_done(struct call *);

#endif
