#include <gdk-pixbuf/gdk-pixbuf.h>
#include <zbar.h>

#include "exchange/scan.h"
#include "model/base/limits.h"

/* A head may promise any size; nothing is unpacked for what is too large. */
static void
size_prepared(GdkPixbufLoader *loader, gint width, gint height, gpointer too_large)
{
	if (width > 0 && height > 0 && (guint64)width * (guint64)height <= TJ_MAX_PHOTO_DOTS)
		return;
	*(bool *)too_large = true;
	gdk_pixbuf_loader_set_size(loader, 1, 1);
}

/* *out is the loader's. */
static enum tj_rc
load(GdkPixbuf **out, GdkPixbufLoader *loader, tj_str bytes, struct tj_err *err)
{
	bool too_large = false;
	gboolean ok;

	g_signal_connect(loader, "size-prepared", G_CALLBACK(size_prepared), &too_large);
	ok = gdk_pixbuf_loader_write(loader, (const guchar *)bytes.p, bytes.n, NULL);
	ok = gdk_pixbuf_loader_close(loader, NULL) && ok;
	if (too_large)
		return tj_fail(err, TJ_E_LIMIT, "a picture of more than %u dots",
		    TJ_MAX_PHOTO_DOTS);
	*out = gdk_pixbuf_loader_get_pixbuf(loader);
	if (!ok || *out == NULL)
		return tj_fail(err, TJ_E_DATA, "not a picture that can be read; PNG and JPEG can");
	return TJ_OK;
}

/* One byte a dot (ITU-R BT.601); what is transparent is white. */
static void
make_grey(uint8_t *grey, const GdkPixbuf *pixels)
{
	const int width = gdk_pixbuf_get_width(pixels), height = gdk_pixbuf_get_height(pixels);
	const int step = gdk_pixbuf_get_n_channels(pixels);
	const int stride = gdk_pixbuf_get_rowstride(pixels);
	const guint8 *all = gdk_pixbuf_read_pixels(pixels);

	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++) {
			const guint8 *p = all + (ptrdiff_t)y * stride + (ptrdiff_t)x * step;
			const unsigned opaque = step == 4 ? p[3] : 255;
			const unsigned light = (299u * p[0] + 587u * p[1] + 114u * p[2]) / 1000;

			*grey++ = (uint8_t)((light * opaque + 255 * (255 - opaque)) / 255);
		}
}

static enum tj_rc
collect(struct tj_scanned *out, const zbar_image_t *image, struct tj_arena *arena,
    struct tj_err *err)
{
	const zbar_symbol_t *symbol = zbar_image_first_symbol(image);

	for (; symbol != NULL && out->texts.n < TJ_MAX_CODES;
	    symbol = zbar_symbol_next(symbol)) {
		const tj_str text = tj_str_dup((tj_str){ zbar_symbol_get_data(symbol),
		    zbar_symbol_get_data_length(symbol) }, arena);

		if (text.p == NULL || !TJ_PUSH(arena, &out->texts, text))
			return tj_fail_nomem(err);
	}
	return TJ_OK;
}

static enum tj_rc
find_codes(struct tj_scanned *out, const uint8_t *grey, unsigned width, unsigned height,
    struct tj_arena *arena, struct tj_err *err)
{
	zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	enum tj_rc rc = TJ_OK;

	zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_ENABLE, 0);
	zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
	zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
	zbar_image_set_size(image, width, height);
	zbar_image_set_data(image, grey, (unsigned long)width * height, NULL);
	if (zbar_scan_image(scanner, image) > 0)
		rc = collect(out, image, arena, err);
	zbar_image_destroy(image);
	zbar_image_scanner_destroy(scanner);
	return rc;
}

static enum tj_rc
scan(struct tj_scanned *out, const GdkPixbuf *pixels, struct tj_arena *arena,
    struct tj_err *err)
{
	const unsigned width = (unsigned)gdk_pixbuf_get_width(pixels);
	const unsigned height = (unsigned)gdk_pixbuf_get_height(pixels);
	uint8_t *grey = TJ_NEWN(arena, uint8_t, (size_t)width * height);

	if (grey == NULL)
		return tj_fail_nomem(err);
	make_grey(grey, pixels);
	return find_codes(out, grey, width, height, arena, err);
}

enum tj_rc
tj_scan(struct tj_scanned *out, tj_str picture, struct tj_arena *arena, struct tj_err *err)
{
	struct tj_scanned found = { .texts = { NULL, 0, 0 } };
	GdkPixbufLoader *loader;
	GdkPixbuf *pixels;
	enum tj_rc rc;

	if (picture.n > TJ_MAX_PICTURE_BYTES)
		return tj_fail(err, TJ_E_LIMIT, "a picture of %zu bytes", picture.n);
	loader = gdk_pixbuf_loader_new();
	rc = load(&pixels, loader, picture, err);
	if (rc == TJ_OK)
		rc = scan(&found, pixels, arena, err);
	g_object_unref(loader);
	if (rc == TJ_OK)
		*out = found;
	return rc;
}
