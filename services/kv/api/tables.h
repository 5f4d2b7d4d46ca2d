/* services/kv/api/tables.h - handlers of all that is not about items */
#ifndef PARLOR_KV_API_TABLES_H
#define PARLOR_KV_API_TABLES_H

struct call;

void api_create_table(struct call *);
void api_describe_table(struct call *);
void api_list_tables(struct call *);
void api_delete_table(struct call *);
void api_update_table(struct call *);
void api_update_time_to_live(struct call *);
void api_describe_time_to_live(struct call *);
void api_tag_resource(struct call *);
void api_untag_resource(struct call *);
void api_list_tags_of_resource(struct call *);
void api_describe_limits(struct call *);
void api_describe_endpoints(struct call *);

void api_put_resource_policy(struct call *);
void api_get_resource_policy(struct call *);
void api_delete_resource_policy(struct call *);
void api_put_role_policy(struct call *);
void api_get_role_policy(struct call *);
void api_list_role_policies(struct call *);
void api_simulate_principal_policy(struct call *);
void api_delete_role_policy(struct call *);

void api_create_access_key(struct call *);
void api_list_access_keys(struct call *);
void api_delete_access_key(struct call *);
void api_get_signing_key(struct call *);
void api_get_usage(struct call *);
void api_get_bill(struct call *);
void api_put_usage(struct call *);

#endif
