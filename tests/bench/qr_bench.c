/*
 * qr_bench < TEXTS: codes a second by libqrencode alone, of texts one a line; what
 * labels.sh measures `tanji label` against.
 */
#include <qrencode.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static double
seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int
main(void)
{
	char line[4096];
	double begun = seconds();
	unsigned n = 0;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		QRcode *code;

		line[strcspn(line, "\n")] = '\0';
		code = QRcode_encodeString(line, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
		if (code == NULL) {
			perror("qr_bench");
			return 1;
		}
		QRcode_free(code);
		n++;
	}
	(void)printf("%.0f\n", (double)n / (seconds() - begun));
	return 0;
}
