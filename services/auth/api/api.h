/* services/auth/api/api.h - the doors of the pool
 *
 * Here, and nowhere else in parlor-auth, messages are read and written: each
 * file turns a request into its operation's struct, and what came of it into
 * the answer.
 */
#ifndef PARLOR_AUTH_API_H
#define PARLOR_AUTH_API_H

#include "lib/net/http_server.h"
#include "lib/rpc/op.h"

/* A row per operation of parlor.auth.v1.UserPool. */
extern const struct op_service auth_services[];

void api_sign_up(struct call *);
void api_confirm_sign_up(struct call *);
void api_resend_confirmation_code(struct call *);
void api_initiate_auth(struct call *);
void api_respond_to_auth_challenge(struct call *);
void api_get_tokens_from_refresh_token(struct call *);
void api_get_user(struct call *);
void api_update_user_attributes(struct call *);
void api_delete_user_attributes(struct call *);
void api_get_user_attribute_verification_code(struct call *);
void api_verify_user_attribute(struct call *);
void api_forgot_password(struct call *);
void api_confirm_forgot_password(struct call *);
void api_change_password(struct call *);
void api_associate_software_token(struct call *);
void api_verify_software_token(struct call *);
void api_set_user_mfa_preference(struct call *);
void api_revoke_token(struct call *);
void api_global_sign_out(struct call *);
void api_delete_user(struct call *);
void api_admin_create_user(struct call *);
void api_create_user_pool(struct call *);
void api_describe_user_pool(struct call *);
void api_update_user_pool(struct call *);
void api_list_user_pools(struct call *);
void api_delete_user_pool(struct call *);
void api_add_custom_attributes(struct call *);
void api_create_user_pool_client(struct call *);
void api_describe_user_pool_client(struct call *);
void api_update_user_pool_client(struct call *);
void api_list_user_pool_clients(struct call *);
void api_delete_user_pool_client(struct call *);
void api_create_resource_server(struct call *);
void api_describe_resource_server(struct call *);
void api_update_resource_server(struct call *);
void api_list_resource_servers(struct call *);
void api_delete_resource_server(struct call *);
void api_admin_get_user(struct call *);
void api_list_users(struct call *);
void api_admin_update_user_attributes(struct call *);
void api_admin_delete_user_attributes(struct call *);
void api_admin_confirm_sign_up(struct call *);
void api_admin_set_user_password(struct call *);
void api_admin_reset_user_password(struct call *);
void api_admin_disable_user(struct call *);
void api_admin_enable_user(struct call *);
void api_admin_user_global_sign_out(struct call *);
void api_admin_delete_user(struct call *);
void api_admin_set_user_mfa_preference(struct call *);
void api_admin_initiate_auth(struct call *);
void api_admin_respond_to_auth_challenge(struct call *);
void api_create_group(struct call *);
void api_get_group(struct call *);
void api_update_group(struct call *);
void api_delete_group(struct call *);
void api_list_groups(struct call *);
void api_admin_add_user_to_group(struct call *);
void api_admin_remove_user_from_group(struct call *);
void api_admin_list_groups_for_user(struct call *);
void api_list_users_in_group(struct call *);
void api_set_user_pool_mfa_config(struct call *);
void api_get_user_pool_mfa_config(struct call *);
void api_admin_list_user_auth_events(struct call *);
void api_rotate_signing_keys(struct call *);

/* GET /POOL/.well-known/jwks.json and …/openid-configuration. */
extern const struct http_handler auth_well_known;

#endif
