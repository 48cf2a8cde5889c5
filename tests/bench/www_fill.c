#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * www_fill FOLDER COUNT <BODY: so many files FOLDER/R0000/R0000000 …, a thousand to a folder,
 * each the body with its own number wherever that has 0000000.
 * www_fill -f FOLDER COUNT: what is in them leaves memory, as far as it is on the disk.
 */
enum { FAN = 1000, MOST = 65536 };

static const char zeros[] = "0000000";

static bool
forget(int folder, const char *name)
{
	const int fd = openat(folder, name, O_RDONLY);
	const bool ok = fd >= 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0;

	if (fd >= 0)
		(void)close(fd);
	return ok;
}

static bool
put(int folder, const char *name, const char *body, size_t n)
{
	const int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	const bool ok = fd >= 0 && write(fd, body, n) == (ssize_t)n;

	return fd >= 0 && close(fd) == 0 && ok;
}

/* The number `name` ends in, over each row of zeros of the first body. */
static void
number_put(char *body, const char *first, const char *name)
{
	for (const char *at = first; (at = strstr(at, zeros)) != NULL; at += strlen(zeros))
		memcpy(body + (at - first), name + 1, strlen(zeros));
}

/* `first` NULL: to forget. */
static bool
folder_do(const char *path, const char *first, unsigned from, unsigned to)
{
	static char body[MOST + 1];
	const int folder = open(path, O_RDONLY | O_DIRECTORY);
	const size_t n = first == NULL ? 0 : strlen(first);
	bool ok = folder >= 0;

	memcpy(body, first == NULL ? "" : first, n);
	for (unsigned i = from; i < to && ok; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "R%07u", i);
		if (first != NULL)
			number_put(body, first, name);
		ok = first == NULL ? forget(folder, name) : put(folder, name, body, n);
	}
	if (folder >= 0)
		(void)close(folder);
	return ok;
}

int
main(int argc, char **argv)
{
	static char first[MOST + 1];
	const bool forgets = argc == 4 && strcmp(argv[1], "-f") == 0;
	const char *folder = argv[forgets ? 2 : 1];
	unsigned count;
	bool ok = true;

	if (argc != 3 && !forgets)
		return 2;
	count = (unsigned)strtoul(argv[forgets ? 3 : 2], NULL, 10);
	if (!forgets)
		first[fread(first, 1, MOST, stdin)] = '\0';
	for (unsigned i = 0; i < count && ok; i += FAN) {
		char path[4096];

		(void)snprintf(path, sizeof(path), "%s/R%04u", folder, i / FAN);
		ok = (forgets || mkdir(path, 0755) == 0) && folder_do(path,
		    forgets ? NULL : first, i, count - i < FAN ? count : i + FAN);
	}
	if (!ok)
		perror(folder);
	return ok ? 0 : 1;
}
