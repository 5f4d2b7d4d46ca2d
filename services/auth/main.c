/* services/auth/main.c - parlor-auth: the users, their sign-ins and tokens */
#include "services/auth/service.h"
#include "services/auth/tune.h"

int main(int argc, char **argv)
{
	static const struct daemon auth = {
		.name = "parlor-auth",
		.section = "auth",
		.sentence = "users and their tokens, as Cognito user pools",
		.settings = auth_settings,
		.settings_size = sizeof(struct auth_settings),
		.services = auth_services,
		.other = &auth_web,
		.commands = auth_commands,
		.flags = DAEMON_IS_ISSUER,
		.port = 8081,
		.aws_service = "cognito-idp",
		.check = auth_settings_check,
		.start = auth_start,
		.thread_start = auth_thread_start,
		.reload = auth_reload,
		.end_work = auth_end_work,
		.stop = auth_stop,
		.ready = auth_ready,
	};

	return daemon_main(argc, argv, &auth);
}
