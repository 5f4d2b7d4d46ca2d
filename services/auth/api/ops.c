/* services/auth/api/ops.c - a row per operation of the pool */
#include "services/auth/api/api.h"

static const struct op ops[] = {
	{ "SignUp", api_sign_up, OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY,
	  DOOR_CONNECT, NULL },
	{ "ConfirmSignUp", api_confirm_sign_up, OP_WRITE | OP_PUBLIC,
	  DOOR_CONNECT, NULL },
	{ "ResendConfirmationCode", api_resend_confirmation_code,
	  OP_WRITE | OP_PUBLIC, DOOR_CONNECT, NULL },
	{ "InitiateAuth", api_initiate_auth, OP_WRITE | OP_PUBLIC, DOOR_CONNECT,
	  NULL },
	{ "GetUser", api_get_user, OP_PUBLIC | OP_TOKEN_IN_BODY, DOOR_CONNECT,
	  NULL },
	{ "RevokeToken", api_revoke_token, OP_WRITE | OP_PUBLIC, DOOR_CONNECT,
	  NULL },
	{ "GlobalSignOut", api_global_sign_out,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY, DOOR_CONNECT, NULL },
	{ "DeleteUser", api_delete_user,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY, DOOR_CONNECT, NULL },
	{ 0 }
};

const struct op_service auth_services[] = {
	{ .name = "parlor.auth.v1.UserPool", .ops = ops },
	{ 0 },
};
