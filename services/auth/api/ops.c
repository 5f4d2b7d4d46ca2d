/* services/auth/api/ops.c - a row per operation of the pool */
#include "lib/base/fault.h"
#include "services/auth/api/api.h"

enum {
	BOTH = DOOR_CONNECT | DOOR_AWS,
	/* whoever proves who it is may ask; policies say whether it may */
	BY_POLICY = OP_USER | OP_SERVICE,
};

#define ADMIN(name, handle, flags)                                           \
	{                                                                    \
		name, handle, (flags) | BY_POLICY, BOTH, "cognito-idp:" name \
	}

static const struct op ops[] = {
	{ "SignUp", api_sign_up,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY | OP_SECRET, BOTH, NULL },
	{ "ConfirmSignUp", api_confirm_sign_up,
	  OP_WRITE | OP_PUBLIC | OP_SECRET, BOTH, NULL },
	{ "ResendConfirmationCode", api_resend_confirmation_code,
	  OP_WRITE | OP_PUBLIC, BOTH, NULL },
	{ "InitiateAuth", api_initiate_auth, OP_WRITE | OP_PUBLIC | OP_SECRET,
	  BOTH, NULL },
	{ "RespondToAuthChallenge", api_respond_to_auth_challenge,
	  OP_WRITE | OP_PUBLIC | OP_SECRET, BOTH, NULL },
	{ "GetTokensFromRefreshToken", api_get_tokens_from_refresh_token,
	  OP_WRITE | OP_PUBLIC | OP_SECRET, BOTH, NULL },
	{ "GetUser", api_get_user, OP_PUBLIC | OP_TOKEN_IN_BODY, BOTH, NULL },
	{ "UpdateUserAttributes", api_update_user_attributes,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY, BOTH, NULL },
	{ "DeleteUserAttributes", api_delete_user_attributes,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY, BOTH, NULL },
	{ "GetUserAttributeVerificationCode",
	  api_get_user_attribute_verification_code,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY, BOTH, NULL },
	{ "VerifyUserAttribute", api_verify_user_attribute,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY | OP_SECRET, BOTH, NULL },
	{ "ForgotPassword", api_forgot_password, OP_WRITE | OP_PUBLIC, BOTH,
	  NULL },
	{ "ConfirmForgotPassword", api_confirm_forgot_password,
	  OP_WRITE | OP_PUBLIC | OP_SECRET, BOTH, NULL },
	{ "ChangePassword", api_change_password,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY | OP_SECRET, BOTH, NULL },
	{ "AssociateSoftwareToken", api_associate_software_token,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY | OP_SECRET, BOTH, NULL },
	{ "VerifySoftwareToken", api_verify_software_token,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY | OP_SECRET, BOTH, NULL },
	{ "SetUserMFAPreference", api_set_user_mfa_preference,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY, BOTH, NULL },
	{ "RevokeToken", api_revoke_token, OP_WRITE | OP_PUBLIC | OP_SECRET,
	  BOTH, NULL },
	{ "GlobalSignOut", api_global_sign_out,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY, BOTH, NULL },
	{ "DeleteUser", api_delete_user,
	  OP_WRITE | OP_PUBLIC | OP_TOKEN_IN_BODY, BOTH, NULL },
	ADMIN("AdminCreateUser", api_admin_create_user, OP_WRITE | OP_SECRET),
	ADMIN("AdminGetUser", api_admin_get_user, 0),
	ADMIN("ListUsers", api_list_users, 0),
	ADMIN("AdminUpdateUserAttributes", api_admin_update_user_attributes,
	      OP_WRITE),
	ADMIN("AdminDeleteUserAttributes", api_admin_delete_user_attributes,
	      OP_WRITE),
	ADMIN("AdminConfirmSignUp", api_admin_confirm_sign_up, OP_WRITE),
	ADMIN("AdminSetUserPassword", api_admin_set_user_password,
	      OP_WRITE | OP_SECRET),
	ADMIN("AdminResetUserPassword", api_admin_reset_user_password,
	      OP_WRITE),
	ADMIN("AdminDisableUser", api_admin_disable_user, OP_WRITE),
	ADMIN("AdminEnableUser", api_admin_enable_user, OP_WRITE),
	ADMIN("AdminUserGlobalSignOut", api_admin_user_global_sign_out,
	      OP_WRITE),
	ADMIN("AdminDeleteUser", api_admin_delete_user, OP_WRITE),
	ADMIN("AdminSetUserMFAPreference", api_admin_set_user_mfa_preference,
	      OP_WRITE),
	ADMIN("AdminInitiateAuth", api_admin_initiate_auth,
	      OP_WRITE | OP_SECRET),
	ADMIN("AdminRespondToAuthChallenge",
	      api_admin_respond_to_auth_challenge, OP_WRITE | OP_SECRET),
	ADMIN("CreateGroup", api_create_group, OP_WRITE),
	ADMIN("GetGroup", api_get_group, 0),
	ADMIN("UpdateGroup", api_update_group, OP_WRITE),
	ADMIN("DeleteGroup", api_delete_group, OP_WRITE),
	ADMIN("ListGroups", api_list_groups, 0),
	ADMIN("AdminAddUserToGroup", api_admin_add_user_to_group, OP_WRITE),
	ADMIN("AdminRemoveUserFromGroup", api_admin_remove_user_from_group,
	      OP_WRITE),
	ADMIN("AdminListGroupsForUser", api_admin_list_groups_for_user, 0),
	ADMIN("ListUsersInGroup", api_list_users_in_group, 0),
	ADMIN("AdminListUserAuthEvents", api_admin_list_user_auth_events, 0),
	{ "RotateSigningKeys", api_rotate_signing_keys, OP_WRITE | BY_POLICY,
	  DOOR_CONNECT, "cognito-idp:RotateSigningKeys" },
	{ 0 }
};

/* What Cognito calls otherwise. */
static const struct aws_name names[] = {
	{ E_INVALID, "InvalidParameterException" },
	{ E_EXHAUSTED, "TooManyRequestsException" },
	{ E_ABORTED, "ConcurrentModificationException" },
	{ E_INTERNAL, "InternalErrorException" },
	{ E_LOSS, "InternalErrorException" },
	{ E_UNKNOWN, "InternalErrorException" },
	{ 0 }
};

const struct op_service auth_services[] = {
	{ .name = "parlor.auth.v1.UserPool",
	  .ops = ops,
	  .aws = "AWSCognitoIdentityProviderService",
	  .aws_form = AWS_JSON_1_1,
	  .aws_names = names },
	{ 0 },
};
