#include <stdio.h>

#include "connectors/file.h"
#include "connectors/store.h"
#include "engine/cli/env.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/progress.h"
#include "engine/cli/report.h"
#include "engine/cli/run_log.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"
#include "exchange/label_svg.h"
#include "exchange/picture.h"
#include "model/base/buf.h"
#include "model/base/limits.h"
#include "model/base/names.h"

static const struct tj_option options[] = {
	{ "dir", "DIR", { "the company's folder, . without it", "企业目录，缺省为 ." } },
	{ "site", "https://HOST", { "where the code leads; [label] site without it",
	    "二维码指向的网站；缺省取 [label] site" } },
	{ "format", "FORMAT", { "text, svg, png or pdf", "text、svg、png 或 pdf" } },
	{ "serials", "FILE", { "of each lot named, a label for each of these serials, one a line",
	    "为每个指定批次的各序列号生成标签，文件每行一个" } },
	{ "output", "FILE", { "write it there", "写入该文件" } },
	{ NULL, NULL, { NULL, NULL } }
};

#define DOTS_PER_MM	24	/* 609 dpi: a module of 0.396 mm is nine or ten dots */

struct labelling {
	struct tj_cli		*cli;
	struct tj_workspace	 ws;
	struct tj_trust		 trust;
	struct tj_signer	*signer;
	const struct tj_key	*shown;		/* the signer's, as others know it */
	struct tj_store		*store;
	tj_str			 site;
	struct tj_names		 serials;	/* --serials; none: labels of what is declared */
	TJ_VEC(struct tj_label_print) prints;
};

static enum tj_rc
print_add(struct labelling *l, const struct tj_label_print *made)
{
	struct tj_label_print print = *made;
	struct tj_cli *cli = l->cli;
	tj_str code;

	TRY(tj_label_sign(&code, &print.label, l->signer, l->shown, cli->arena, &cli->err));
	TRY(tj_label_link(&print.text, &print.label, l->site, code, cli->arena, &cli->err));
	return TJ_PUSH(cli->arena, &l->prints, print) ? TJ_OK : tj_fail_nomem(&cli->err);
}

static enum tj_rc
serials_make(struct labelling *l, struct tj_label_print *print)
{
	const tj_str lot = print->label.product;
	struct tj_cli *cli = l->cli;

	for (size_t i = 0; i < l->serials.list.n; i++) {
		TRY(tj_label_thing_of(&print->label.product, lot, l->serials.list.v[i],
		    cli->arena, &cli->err));
		TRY(print_add(l, print));
		tj_progress("labels", i + 1, l->serials.list.n);
	}
	tj_progress_end();
	return TJ_OK;
}

static enum tj_rc
one_make(struct labelling *l, const struct tj_stored *stored)
{
	struct tj_cli *cli = l->cli;
	struct tj_label_print print;
	struct tj_declaration decl;
	struct tj_jws jws;

	TRY(tj_jws_parse(&jws, stored->jws, cli->arena, &cli->err));
	TRY(tj_vc_read(&decl, NULL, jws.payload, cli->arena, &cli->err));
	TRY(tj_label_of(&print.label, &decl, stored->jws, cli->arena, &cli->err));
	print.product_name = decl.product_name;
	print.issuer_name = decl.issuer_name;
	print.start = decl.period_start;
	print.end = decl.period_end;
	print.primary_data_share = decl.primary_data_share;
	return l->serials.list.n > 0 ? serials_make(l, &print) : print_add(l, &print);
}

static enum tj_rc
newest_make(struct labelling *l, tj_str name)
{
	struct tj_cli *cli = l->cli;
	struct tj_stored stored;
	tj_ident ident;
	enum tj_rc rc;

	TRY(tj_ident_parse(&ident, name, cli->arena, &cli->err));
	rc = l->store->newest(l->store, &stored, ident.canonical, cli->arena, &cli->err);
	if (rc == TJ_E_NOTFOUND)
		return tj_fail(&cli->err, rc, "no declaration of %.*s here; `tanji show` lists "
		    "what there is, `tanji run` makes it", TJ_FMT(name));
	return rc == TJ_OK ? one_make(l, &stored) : rc;
}

static enum tj_rc
note_product(void *names, const struct tj_stored *stored, struct tj_err *err)
{
	struct tj_names *products = names;
	const tj_str product = tj_str_dup(stored->product, products->arena);

	if (product.p == NULL || tj_names_add(products, product) == TJ_NONE)
		return tj_fail_nomem(err);
	return TJ_OK;
}

/* Of everything declared: a product that was declared again once, by its newest. */
static enum tj_rc
all_make(struct labelling *l)
{
	struct tj_names products;

	tj_names_init(&products, l->cli->arena);
	TRY(l->store->each(l->store, TJ_S(""), note_product, &products, &l->cli->err));
	for (size_t i = 0; i < products.list.n; i++) {
		TRY(newest_make(l, products.list.v[i]));
		tj_progress("labels", i + 1, products.list.n);
	}
	tj_progress_end();
	return TJ_OK;
}

static enum tj_rc
labels_make(struct labelling *l, const struct tj_args *args)
{
	if (args->operand_count == 0)
		return all_make(l);
	for (size_t i = 0; i < args->operand_count; i++)
		TRY(newest_make(l, tj_str_of(args->operands[i])));
	return TJ_OK;
}

/* ---- formats ---- */

static enum tj_rc
as_text(tj_str *out, const struct labelling *l)
{
	struct tj_buf buf;
	enum tj_rc rc;

	tj_buf_init(&buf, TJ_MAX_TABLE_BYTES);
	for (size_t i = 0; i < l->prints.n; i++) {
		tj_buf_put(&buf, l->prints.v[i].text);
		tj_buf_putc(&buf, '\n');
	}
	rc = tj_buf_done(out, &buf, l->cli->arena, &l->cli->err);
	tj_buf_fini(&buf);
	return rc;
}

/* One label, or a sheet of those that fit. */
static enum tj_rc
as_svg(tj_str *out, const struct labelling *l)
{
	struct tj_cli *cli = l->cli;

	if (l->prints.n == 1)
		return tj_label_svg(out, l->prints.v, cli->arena, &cli->err);
	if (l->prints.n > TJ_LABELS_PER_PAGE)
		return tj_fail(&cli->err, TJ_E_LIMIT, "%zu labels are more than a drawing's page "
		    "of %d: --format pdf has pages", l->prints.n, TJ_LABELS_PER_PAGE);
	return tj_label_page_svg(out, l->prints.v, l->prints.n, cli->arena, &cli->err);
}

static enum tj_rc
as_png(tj_str *out, const struct labelling *l)
{
	tj_str svg;

	TRY(as_svg(&svg, l));
	return tj_picture_png(out, svg, DOTS_PER_MM, l->cli->arena, &l->cli->err);
}

static enum tj_rc
as_pdf(tj_str *out, const struct labelling *l)
{
	const size_t pages = (l->prints.n + TJ_LABELS_PER_PAGE - 1) / TJ_LABELS_PER_PAGE;
	struct tj_cli *cli = l->cli;
	tj_str *svgs = TJ_NEWN(cli->arena, tj_str, pages);

	if (svgs == NULL)
		return tj_fail_nomem(&cli->err);
	for (size_t i = 0; i < pages; i++) {
		const size_t first = i * TJ_LABELS_PER_PAGE, left = l->prints.n - first;

		TRY(tj_label_page_svg(&svgs[i], l->prints.v + first,
		    left < TJ_LABELS_PER_PAGE ? left : TJ_LABELS_PER_PAGE, cli->arena,
		    &cli->err));
	}
	return tj_picture_pdf(out, svgs, pages, 210, 297, cli->arena, &cli->err);
}

static const struct format {
	const char	*name;
	enum tj_rc	(*make)(tj_str *, const struct labelling *);
} formats[] = { { "text", as_text }, { "svg", as_svg }, { "png", as_png }, { "pdf", as_pdf } };

static enum tj_rc
format_read(const struct format **out, struct tj_cli *cli, const struct tj_args *args)
{
	const char *name = tj_args_value(args, "format");

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(name == NULL ? "text" : name, formats[i].name) == 0) {
			*out = &formats[i];
			return TJ_OK;
		}
	return tj_fail(&cli->err, TJ_E_USAGE, "--format text, svg, png or pdf, not %s", name);
}

static enum tj_rc
write_out(const struct labelling *l, const struct format *format, const char *path)
{
	struct tj_cli *cli = l->cli;
	tj_str out;

	if (l->prints.n == 0)
		return tj_fail(&cli->err, TJ_E_NOTFOUND, "nothing is declared here yet: "
		    "tanji run %.*s", TJ_FMT(l->ws.dir));
	TRY(format->make(&out, l));
	if (path != NULL) {
		TRY(tj_file_write(path, out, 0644, &cli->err));
		return tj_run_log_artefacts(cli, &l->ws, TJ_LEAF_label,
		    &(struct tj_run_artefact){ path, out }, 1);
	}
	(void)fwrite(out.p, 1, out.n, stdout);
	return TJ_OK;
}

/* ---- ports ---- */

static enum tj_rc
site_find(struct labelling *l, const struct tj_args *args)
{
	const char *given = tj_args_value(args, "site");

	l->site = given == NULL ? l->ws.label_site : tj_str_of(given);
	if (l->site.n > 0 && tj_label_site_ok(l->site))
		return TJ_OK;
	return tj_fail(&l->cli->err, TJ_E_USAGE, "where does the code lead?  --site "
	    "https://HOST, or `site = https://HOST` under [label] in %.*s/" TJ_CONF_FILE,
	    TJ_FMT(l->ws.dir));
}

/* Serials stand on things of lots that were named. */
static enum tj_rc
serials_read(struct labelling *l, const struct tj_args *args)
{
	const char *path = tj_args_value(args, "serials");
	struct tj_err *err = &l->cli->err;
	tj_str text, line;

	if (path == NULL)
		return TJ_OK;
	if (args->operand_count == 0)
		return tj_fail(err, TJ_E_USAGE, "--serials of which lots?");
	TRY(tj_file_read(&text, path, TJ_MAX_TABLE_BYTES, l->cli->arena, err));
	tj_names_init(&l->serials, l->cli->arena);
	while (tj_str_next(&line, &text, '\n')) {
		line = tj_str_trim(line);
		if (tj_names_find(&l->serials, line) != TJ_NONE)
			return tj_fail(err, TJ_E_DATA, "%s: the serial %.*s stands there twice",
			    path, TJ_FMT(line));
		if (line.n > 0 && tj_names_add(&l->serials, line) == TJ_NONE)
			return tj_fail_nomem(err);
	}
	return l->serials.list.n > 0 ? TJ_OK : tj_fail(err, TJ_E_DATA, "%s: no serials, one a "
	    "line", path);
}

static enum tj_rc
open_all(struct labelling *l)
{
	struct tj_cli *cli = l->cli;

	TRY(tj_env_trust(&l->trust, &l->ws, cli->at, cli->arena, &cli->err));
	TRY(tj_env_own_key(&l->shown, &l->trust, &l->ws, &cli->err));
	TRY(tj_env_signer(&l->signer, &l->ws, cli->arena, &cli->err));
	return tj_store_lmdb_open(&l->store, l->ws.registry, TJ_STORE_READ, &cli->err);
}

static void
close_all(struct labelling *l)
{
	if (l->store != NULL)
		l->store->close(l->store);
	if (l->signer != NULL)
		l->signer->close(l->signer);
	tj_trust_fini(&l->trust);
}

static enum tj_rc
run(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const char *dir = tj_args_value(args, "dir");
	struct labelling l = { .cli = cli };
	const struct format *format;
	enum tj_rc rc;

	(void)status;
	TRY(format_read(&format, cli, args));
	TRY(tj_workspace_read(&l.ws, dir == NULL ? "." : dir, cli->arena, &cli->err));
	TRY(site_find(&l, args));
	TRY(serials_read(&l, args));
	rc = open_all(&l);
	if (rc == TJ_OK)
		rc = labels_make(&l, args);
	close_all(&l);
	return rc == TJ_OK ? write_out(&l, format, tj_args_value(args, "output")) : rc;
}

const struct tj_command tj_cmd_label = {
	.name = "label",
	.summary = { "codes to print on products", "生成产品上的碳足迹标签" },
	.operands = "[IDENTIFIER…]",
	.operand_max = 100000,
	.options = options,
	.about = {
		"Makes a label of each product named, or of everything in the company's registry: "
		"a QR code that holds the figures of the newest declaration, signed, behind a link "
		"to its page. A reader checks it without a network: tanji verify.\n"
		"text is the content of the codes, one a line; svg and png draw one label, or a "
		"page of up to 14; pdf has as many pages as it takes. In print a label is 84 mm "
		"wide and a module of its code 0.396 mm.\n"
		"What is declared of a lot is true of each thing in it: --serials gives each a "
		"label of its own, so that copies can be told (tanji scans).\n"
		"With a log under [log] a file that --output writes is logged as a batch of "
		"labels.",
		"为指定产品，或为企业登记库中的全部产品生成标签：二维码内含最新声明的数值与签名，并指向其网页。"
		"无需联网即可核验：tanji verify。\n"
		"text 输出二维码内容，每行一个；svg 与 png 绘制单个标签或一页（至多 14 个）；pdf 页数不限。"
		"标签印刷宽度 84 毫米，二维码模块 0.396 毫米。\n"
		"对批次的声明适用于每一件：--serials 为每件生成各自的标签，以便发现复制（tanji scans）。\n"
		"[log] 中写有日志时，--output 写出的文件作为一批标签记入日志。",
	},
	.examples = "tanji label 88.999.1001/C260901 --dir works --format svg > label.svg\n"
	    "tanji label --dir works --format pdf --output labels.pdf",
	.run = run,
};
