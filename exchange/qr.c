#include <errno.h>
#include <qrencode.h>

#include "exchange/qr.h"

static enum tj_rc
copy(struct tj_qr *out, const QRcode *code, struct tj_arena *arena, struct tj_err *err)
{
	const size_t n = (size_t)code->width * (size_t)code->width;
	uint8_t *dark = TJ_NEWN(arena, uint8_t, n);

	if (dark == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < n; i++)
		dark[i] = code->data[i] & 1;
	*out = (struct tj_qr){ (unsigned)code->version, (unsigned)code->width, dark };
	return TJ_OK;
}

enum tj_rc
tj_qr_make(struct tj_qr *out, tj_str text, struct tj_arena *arena, struct tj_err *err)
{
	const tj_str terminated = tj_str_dup(text, arena);
	enum tj_rc rc;
	QRcode *code;

	if (terminated.p == NULL)
		return tj_fail_nomem(err);
	code = QRcode_encodeString(terminated.p, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
	if (code == NULL && errno == ERANGE)
		return tj_fail(err, TJ_E_LIMIT, "%zu bytes are more than a QR code holds", text.n);
	if (code == NULL)
		return tj_fail_nomem(err);
	rc = copy(out, code, arena, err);
	QRcode_free(code);
	return rc;
}
