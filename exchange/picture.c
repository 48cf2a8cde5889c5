#include <cairo-pdf.h>
#include <librsvg/rsvg.h>

#include "exchange/picture.h"
#include "model/base/buf.h"
#include "model/base/limits.h"

#define POINTS_PER_MM	(72 / 25.4)

static cairo_status_t
put(void *buf, const unsigned char *bytes, unsigned n)
{
	tj_buf_put(buf, (tj_str){ (const char *)bytes, n });
	return ((struct tj_buf *)buf)->failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static enum tj_rc
status_rc(cairo_status_t status, struct tj_err *err)
{
	if (status == CAIRO_STATUS_SUCCESS)
		return TJ_OK;
	return status == CAIRO_STATUS_NO_MEMORY ? tj_fail_nomem(err) :
	    tj_fail(err, TJ_E_DATA, "a picture: %s", cairo_status_to_string(status));
}

/* Over the whole of the surface. */
static enum tj_rc
render(cairo_t *cairo, RsvgHandle *handle, double width, double height, struct tj_err *err)
{
	const RsvgRectangle all = { 0, 0, width, height };
	GError *why = NULL;

	if (rsvg_handle_render_document(handle, cairo, &all, &why))
		return status_rc(cairo_status(cairo), err);
	(void)tj_fail(err, TJ_E_DATA, "a picture: %s", why->message);
	g_error_free(why);
	return TJ_E_DATA;
}

static enum tj_rc
open_svg(RsvgHandle **out, tj_str svg, struct tj_err *err)
{
	GError *why = NULL;

	*out = rsvg_handle_new_from_data((const guint8 *)svg.p, svg.n, &why);
	if (*out != NULL)
		return TJ_OK;
	(void)tj_fail(err, TJ_E_DATA, "a picture: %s", why->message);
	g_error_free(why);
	return TJ_E_DATA;
}

/* `size` is in the surface's units; one surface is drawn upon page by page. */
static enum tj_rc
draw(cairo_surface_t *surface, tj_str svg, double width, double height, struct tj_err *err)
{
	cairo_t *cairo = cairo_create(surface);
	RsvgHandle *handle;
	enum tj_rc rc = open_svg(&handle, svg, err);

	if (rc == TJ_OK) {
		rc = render(cairo, handle, width, height, err);
		g_object_unref(handle);
	}
	if (rc == TJ_OK)
		cairo_show_page(cairo);
	cairo_destroy(cairo);
	return rc;
}

static void
paint_white(cairo_surface_t *surface)
{
	cairo_t *cairo = cairo_create(surface);

	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_destroy(cairo);
}

static enum tj_rc
dots_of(double *width, double *height, tj_str svg, double dots_per_mm, struct tj_err *err)
{
	gboolean has_width, has_height, has_box;
	RsvgLength w, h;
	RsvgRectangle box;
	RsvgHandle *handle;

	TRY(open_svg(&handle, svg, err));
	rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &w, &has_height, &h, &has_box,
	    &box);
	g_object_unref(handle);
	if (!has_box || box.width * dots_per_mm > TJ_MAX_PICTURE_DOTS ||
	    box.height * dots_per_mm > TJ_MAX_PICTURE_DOTS)
		return tj_fail(err, TJ_E_LIMIT, "a picture of more than %d dots",
		    TJ_MAX_PICTURE_DOTS);
	*width = (double)(int)(box.width * dots_per_mm + 0.5);
	*height = (double)(int)(box.height * dots_per_mm + 0.5);
	return TJ_OK;
}

enum tj_rc
tj_picture_png(tj_str *png, tj_str svg, double dots_per_mm, struct tj_arena *arena,
    struct tj_err *err)
{
	cairo_surface_t *surface;
	double width, height;
	struct tj_buf buf;
	enum tj_rc rc;

	TRY(dots_of(&width, &height, svg, dots_per_mm, err));
	surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)width, (int)height);
	paint_white(surface);
	tj_buf_init(&buf, TJ_MAX_DOC_BYTES);
	rc = draw(surface, svg, width, height, err);
	if (rc == TJ_OK)
		rc = status_rc(cairo_surface_write_to_png_stream(surface, put, &buf), err);
	cairo_surface_destroy(surface);
	if (rc == TJ_OK)
		rc = tj_buf_done(png, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}

enum tj_rc
tj_picture_pdf(tj_str *pdf, const tj_str *svgs, size_t n, double width_mm, double height_mm,
    struct tj_arena *arena, struct tj_err *err)
{
	const double width = width_mm * POINTS_PER_MM, height = height_mm * POINTS_PER_MM;
	cairo_surface_t *surface;
	enum tj_rc rc = TJ_OK;
	struct tj_buf buf;

	tj_buf_init(&buf, TJ_MAX_TABLE_BYTES);
	surface = cairo_pdf_surface_create_for_stream(put, &buf, width, height);
	for (size_t i = 0; i < n && rc == TJ_OK; i++)
		rc = draw(surface, svgs[i], width, height, err);
	cairo_surface_finish(surface);
	if (rc == TJ_OK)
		rc = status_rc(cairo_surface_status(surface), err);
	cairo_surface_destroy(surface);
	if (rc == TJ_OK)
		rc = tj_buf_done(pdf, &buf, arena, err);
	tj_buf_fini(&buf);
	return rc;
}
