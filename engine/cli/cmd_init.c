#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/workspace.h"

static const struct tj_option options[] = {
	{ "issuer", "DID", { "who signs, e.g. did:web:works.example",
	    "签发者，如 did:web:works.example" } },
	{ "name", "NAME", { "the company's name", "企业名称" } },
	{ NULL, NULL, { NULL, NULL } }
};

static const char conf_text[] =
"# What Tanji reads, declares and trusts for one company. Paths are relative to this file.\n"
"[company]\n"
"# profile: iso14067, pact-3, cbam, or the path of a file of your own\n"
"issuer = %s\n"
"name = %s\n"
"profile = iso14067\n"
"period = %s..%s\n"
"region = CN\n"
"\n"
"# What is published. files: one *.jws a declaration beside the registry, or none (no).\n"
"# group: so many declarations are put into the registry at once.\n"
"[output]\n"
"# files = yes\n"
"# group = 32768\n"
"\n"
"# TEMPLATE = FILE; `tanji template list` shows the templates, and one of your own may stand in\n"
"# templates/. A file name may be a pattern. `book = FOLDER` reads a native book.\n"
"[read]\n"
"# sap-mara = in/materials.csv\n"
"# sap-stpo = in/bom.csv\n"
"# sap-mb51 = in/movements.txt\n"
"# sap-orders = in/orders.csv\n"
"# meter-readings = in/meters-*.csv\n"
"\n"
"# What nobody declared: factor sets that come with the program, and files of your own.\n"
"[factors]\n"
"# set = cn-2024\n"
"# file = in/factors.csv\n"
"\n"
"# What is special about a work centre.\n"
"# [process BOF]\n"
"# name = converter shop\n"
"# stage = manufacturing\n"
"# carbon_balance = yes\n"
"\n"
"# Which materials get a declaration for each batch, and what the batch is called outside.\n"
"[declare]\n"
"# material = 000000000030001200\n"
"# id = 88.999.1001/{batch}\n"
"\n"
"# Whose registry answers for which identifiers, and whose keys are believed for them.\n"
"[upstream]\n"
"# 88.999.2002 = ../supplier/out/registry\n"
"[trust]\n"
"# did:web:supplier.example = ../supplier/out/keys/did.json 88.999.2002\n"
"\n"
"# Whose log holds what a supplier signs in batches; where its proofs lie, if it is a folder.\n"
"# [log did:web:supplier.example]\n"
"# policy = supplier-logs\n"
"# [proofs]\n"
"# 88.999.2002 = ../supplier/out/declarations\n";

static tj_str
conf_make(struct tj_cli *cli, const char *issuer, const char *name)
{
	const tj_date month = tj_date_add_months(
	    tj_date_month_start((tj_date)(cli->at / 86400)), -1);
	char start[TJ_DATE_TEXT], end[TJ_DATE_TEXT];

	return tj_str_fmt(cli->arena, conf_text, issuer, name, tj_date_text(start, month),
	    tj_date_text(end, tj_date_add_months(month, 1) - 1));
}

static enum tj_rc
init(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const char *dir = args->operand_count > 0 ? args->operands[0] : ".";
	const char *issuer = tj_args_value(args, "issuer");
	const char *name = tj_args_value(args, "name");
	const tj_str path = tj_str_fmt(cli->arena, "%s/" TJ_CONF_FILE, dir);
	const tj_str in = tj_str_fmt(cli->arena, "%s/in", dir);
	const tj_str templates = tj_str_fmt(cli->arena, "%s/templates", dir);
	tj_str text;

	(void)status;
	text = conf_make(cli, issuer == NULL ? "did:web:works.example" : issuer,
	    name == NULL ? "Example Works" : name);
	if (path.p == NULL || in.p == NULL || templates.p == NULL || text.p == NULL)
		return tj_fail_nomem(&cli->err);
	if (access(path.p, F_OK) == 0)
		return tj_fail(&cli->err, TJ_E_CONFLICT, "%s is there already", path.p);
	TRY(tj_file_make_folder(in.p, 0755, &cli->err));
	TRY(tj_file_make_folder(templates.p, 0755, &cli->err));
	TRY(tj_file_write(path.p, text, 0644, &cli->err));
	(void)fprintf(stderr, TJ_SAY(cli,
	    "%s written. Next: put your exports into %s/in, name them in it, then\n"
	    "  tanji keys new %s\n  tanji check %s\n  tanji run %s\n",
	    "已写入 %s。下一步：将导出文件放入 %s/in 并在其中写明，然后\n"
	    "  tanji keys new %s\n  tanji check %s\n  tanji run %s\n"),
	    path.p, dir, dir, dir, dir);
	return TJ_OK;
}

const struct tj_command tj_cmd_init = {
	.name = "init",
	.summary = { "begin a company's folder", "建立企业目录" },
	.operands = "[DIR]",
	.operand_max = 1,
	.options = options,
	.about = {
		"Writes DIR/tanji.conf with comments and the folders in/ and templates/. "
		"Nothing that is there is overwritten.",
		"写出带注释的 DIR/tanji.conf 以及 in/ 与 templates/ 目录，不覆盖已有文件。",
	},
	.examples = "tanji init works --issuer did:web:works.example --name \"Example Works\"",
	.run = init,
};
