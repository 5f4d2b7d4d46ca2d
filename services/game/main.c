/* services/game/main.c - parlor-game: functions, and the host that runs them */
#include "services/game/api/api.h"
#include "services/game/parts.h"

#define AT(field) offsetof(struct game_settings, field)

static const struct setting settings[] = {
	{ "functions", SETTING_TEXT, AT(functions), "functions/functions.yaml",
	  .help = "The file that says which functions are deployed; SIGHUP "
		  "deploys it anew.",
	  .flags = SETTING_PATH },
	{ "functions_dir", SETTING_TEXT, AT(functions_dir), "functions",
	  .help = "The folder of the functions' executables.",
	  .flags = SETTING_PATH },
	{ "watches", SETTING_INTEGER, AT(watches), "10000",
	  .help = "Streams of functions' answers open at once.", .min = 1,
	  .max = 1000000, .flags = SETTING_START },
	{ "watches_per_user", SETTING_INTEGER, AT(watches_per_user), "32",
	  .help = "Of them by one user.", .min = 1, .max = 1000000,
	  .flags = SETTING_START },
	{ 0 }
};

int main(int argc, char **argv)
{
	static const struct daemon game = {
		.name = "parlor-game",
		.section = "game",
		.sentence = "runs the game's functions on demand",
		.settings = settings,
		.settings_size = sizeof(struct game_settings),
		.services = api_services,
		.port = 8083,
		.check = parts_check,
		.start = parts_start,
		.thread_start = parts_thread_start,
		.thread_stop = parts_thread_stop,
		.reload = parts_reload,
		.ready = parts_ready,
		.stop = parts_stop,
	};

	return daemon_main(argc, argv, &game);
}
