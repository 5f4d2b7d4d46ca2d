/* clients/cli/main.c - the parlor command */
#include "clients/cli/cli.h"

int main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
