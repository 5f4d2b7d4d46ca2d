/* services/kv/main.c - parlor-kv, the store: DynamoDB's interface over LMDB */
#include "services/kv/api/api.h"
#include "services/kv/service.h"

int main(int argc, char **argv)
{
	static const struct daemon kv = {
		.name = "parlor-kv",
		.section = "kv",
		.sentence = "the store of the suite",
		.settings = kv_settings,
		.settings_size = sizeof(struct kv_settings),
		.services = kv_services,
		.flags = DAEMON_IS_STORE,
		.port = 8082,
		.aws_service = "dynamodb",
		.signing = kv_signing,
		.unseen = kv_unseen,
		.check = kv_settings_check,
		.start = kv_start,
		.thread_start = kv_thread_start,
		.thread_stop = kv_thread_stop,
		.stop = kv_stop,
		.ready = kv_ready,
	};

	return daemon_main(argc, argv, &kv);
}
