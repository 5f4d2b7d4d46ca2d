/* lib/function/template.h - a process that only forks workers
 *
 * Started by the host with its control socket and nothing else, it raises the
 * walls and then forks a worker whenever it is told to; the walls are inherited
 * and paid for once. Once it was told so a second time it is busy, and keeps
 * one worker forked ahead: parked until a socket is handed to it. It reports
 * each worker's end, since workers are its children. It never handles an event
 * itself. When it or the host ends, however that comes, its workers end too.
 */
#ifndef PARLOR_FUNCTION_TEMPLATE_H
#define PARLOR_FUNCTION_TEMPLATE_H

#include "lib/function/function.h"

/* Serves the host on the control socket until it is closed: the exit status. */
int template_serve(int control, function_handler *);

#endif
