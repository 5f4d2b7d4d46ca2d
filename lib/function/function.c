/* lib/function/function.c - the main of every function */
#include "lib/function/function.h"
#include "lib/function/frame.h"
#include "lib/function/template.h"
#include "lib/function/worker.h"

int function_main(int argc, char **argv, function_handler *handle)
{
	if (argc == 2 && strcmp(argv[1], "--template") == 0)
		return template_serve(FRAME_TEMPLATE_FD, handle);
	if (argc == 2 && strcmp(argv[1], "--worker") == 0)
		worker_serve(FRAME_TEMPLATE_FD, handle);
	fprintf(stderr,
		"usage: %s --template | --worker\n"
		"A function that parlor-game starts. Its socket is "
		"descriptor %d. --worker\n"
		"serves events without walls: for debuggers and benches.\n",
		argc ? argv[0] : "function", FRAME_TEMPLATE_FD);
	return 2;
}
