/*
 * download N URL…: fetch each URL, N at a time over kept connections, and throw the
 * bytes away: what a resolver cannot be faster than.  URLs come on standard input, one a
 * line.  Prints requests, bytes, seconds.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static size_t	bytes;

static size_t
count(char *p, size_t size, size_t n, void *ctx)
{
	(void)p;
	(void)ctx;
	bytes += size * n;
	return size * n;
}

static CURL *
begin(CURLM *multi)
{
	static char line[8192];
	CURL *easy;

	if (fgets(line, sizeof(line), stdin) == NULL)
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	if ((easy = curl_easy_init()) == NULL)
		return NULL;
	(void)curl_easy_setopt(easy, CURLOPT_URL, line);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, count);
	(void)curl_multi_add_handle(multi, easy);
	return easy;
}

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int
main(int argc, char **argv)
{
	const int at_once = argc > 1 ? atoi(argv[1]) : 16;
	CURLM *multi = curl_multi_init();
	const double start = now();
	int running = 0, left, failed = 0;
	size_t requests = 0;
	CURLMsg *message;

	for (int i = 0; i < at_once && begin(multi) != NULL; i++)
		continue;
	do {
		(void)curl_multi_perform(multi, &running);
		while ((message = curl_multi_info_read(multi, &left)) != NULL) {
			CURL *easy = message->easy_handle;

			failed += message->data.result != CURLE_OK;
			requests++;
			(void)curl_multi_remove_handle(multi, easy);
			curl_easy_cleanup(easy);
			running += begin(multi) != NULL;
		}
		if (running > 0)
			(void)curl_multi_poll(multi, NULL, 0, 100, NULL);
	} while (running > 0);
	(void)printf("%zu %zu %.4f %d\n", requests, bytes, now() - start, failed);
	(void)curl_multi_cleanup(multi);
	return failed != 0;
}
