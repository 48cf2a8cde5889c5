/*
 * mhd_constant [THREADS [BYTES]]: libmicrohttpd alone, epoll and a pool of threads, answering
 * all with one body: what a server on it can reach at most.  Prints its port; ends with its
 * input.
 */
#include <sys/types.h>
#include <sys/socket.h>

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 65536 };		/* of the body */

static enum MHD_Result
answer(void *ctx, struct MHD_Connection *connection, const char *url, const char *method,
    const char *version, const char *data, size_t *n, void **context)
{
	(void)url;
	(void)method;
	(void)version;
	(void)data;
	(void)n;
	if (*context == NULL) {
		*context = ctx;
		return MHD_YES;
	}
	return MHD_queue_response(connection, 200, ctx);
}

int
main(int argc, char **argv)
{
	static char body[MOST] = "ok\n";
	const unsigned threads = argc > 1 ? (unsigned)atoi(argv[1]) : 2;
	const size_t wanted = argc > 2 ? (size_t)atoi(argv[2]) : 3;
	const size_t bytes = wanted < MOST ? wanted : MOST;
	struct MHD_Response *response = MHD_create_response_from_buffer(bytes, body,
	    MHD_RESPMEM_PERSISTENT);
	struct MHD_Daemon *daemon;

	(void)MHD_add_response_header(response, "Content-Type", "text/plain; charset=utf-8");
	(void)MHD_add_response_header(response, "Cache-Control", "no-store");
	(void)MHD_add_response_header(response, "X-Request-Id", "0123456789abcdef");
	daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, response,
	    MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_END);
	if (daemon == NULL)
		return 1;
	(void)printf("%u\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	(void)fflush(stdout);
	(void)getchar();
	MHD_stop_daemon(daemon);
	MHD_destroy_response(response);
	return 0;
}
