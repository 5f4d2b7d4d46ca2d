/* services/gateway/main.c - parlor-gateway */
#include "services/gateway/forward/forward.h"
#include "services/gateway/gateway.h"
#include "services/gateway/settings.h"

int main(int argc, char **argv)
{
	static const struct daemon gateway = {
		.name = "parlor-gateway",
		.section = "gateway",
		.sentence = "routes, tokens and limits in front of services",
		.settings = gateway_settings,
		.settings_size = sizeof(struct gateway_settings),
		.services = gateway_services,
		.other = &forward_handler,
		.port = 8080,
		.check = gateway_settings_check,
		.start = gateway_start,
		.thread_start = gateway_thread_start,
		.thread_stop = gateway_thread_stop,
		.reload = gateway_reload,
		.stop = gateway_stop,
	};

	return daemon_main(argc, argv, &gateway);
}
