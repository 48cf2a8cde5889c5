#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/node_certify.h"
#include "engine/cli/node_open.h"
#include "engine/cli/node_register.h"
#include "engine/cli/node_sign.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/secret.h"
#include "exchange/handle_data.h"

#define SECRET_BYTES	20	/* at random: 160 bits */

static const struct tj_option options[] = {
	{ "prefix", "PREFIX", { "the prefix that is home here, e.g. 88.111.1",
	    "本节点所辖前缀，如 88.111.1" } },
	{ "admin", "INDEX:HANDLE", { "who may write (default 300:PREFIX/ADMIN); register: who "
	    "administers the prefix", "管理员（默认 300:前缀/ADMIN）；register：前缀管理员" } },
	{ "secret-file", "FILE", { "the administrator's secret key (default: made at random); with "
	    "--node: of --as", "管理员密钥文件（默认随机生成）；与 --node 同用时为 --as 的密钥" } },
	{ "name", "NAME", { "the node's name, for people", "节点名称" } },
	{ "role", "ROLE", { "root, industry or enterprise (default)",
	    "root、industry 或 enterprise（默认）" } },
	{ "http", "ADDRESS", { "where to listen (default 127.0.0.1:8080)",
	    "监听地址（默认 127.0.0.1:8080）" } },
	{ "entity", "FILE", { "register: who answers for the prefix, as JSON (items below)",
	    "register：责任主体信息 JSON 文件（各项见下）" } },
	{ "address", "IP", { "register: the address of the node below; goes before the file's",
	    "register：下级节点地址（优先于文件）" } },
	{ "http-port", "N", { "register: its HTTP port", "register：其 HTTP 端口" } },
	{ "https-port", "N", { "register: its HTTPS port", "register：其 HTTPS 端口" } },
	{ "service", "HANDLE", { "register: a service that answers (HS_SERV)",
	    "register：提供解析的服务标识（HS_SERV）" } },
	{ "report-key", "FILE", { "register: the key with which the node below reports, as "
	    "301:0.NA/PREFIX", "register：下级节点上报所用密钥（身份 301:0.NA/前缀）" } },
	{ "replace", NULL, { "register: over a registration that is there",
	    "register：覆盖已有登记" } },
	{ "key", "FILE.pem", { "sign, certify, key: the signer's private key (RSA)",
	    "sign、certify、key：签名者私钥（RSA）" } },
	{ "signer", "INDEX:HANDLE", { "sign, certify: who signs, where the public key is",
	    "sign、certify：签名者，即公钥所在" } },
	{ "days", "N", { "sign, certify: how long it is valid (default 365)",
	    "sign、certify：有效天数（默认 365）" } },
	{ "chain", "INDEX:HANDLE", { "sign, certify: where a certificate is that is not in its "
	    "owner's record; the signer's first, may be repeated",
	    "sign、certify：不在持有者记录中的证书所在，自签名者起，可重复" } },
	{ "public-key", "FILE.pem", { "certify: the key that is certified (default: the one that "
	    "its record shows)", "certify：被认证的公钥（默认为其记录所示）" } },
	{ "grant", "PERMISSION", { "certify: everything, thisHandle, handlesUnderThisPrefix or "
	    "derivedPrefixes, over the key's own prefix; may be repeated (default: the last two)",
	    "certify：对其自身前缀的权限，everything、thisHandle、handlesUnderThisPrefix 或 "
	    "derivedPrefixes，可重复（默认为后两项）" } },
	{ "output", "FILE", { "certify: into this file, to be handed over, and in no record",
	    "certify：写入此文件以便转交，不写入记录" } },
	{ "certificate", "FILE", { "certify: put this one in the record, which was issued by "
	    "another node", "certify：将另一节点签发的此证书写入记录" } },
	{ "trust-root", "INDEX:HANDLE=FILE.pem", { "sign, verify: a root of certificates and its "
	    "public key; may be repeated", "sign、verify：证书根及其公钥，可重复" } },
	{ "node", "URL", { "at this node, which runs, instead of a folder; not init, list, report",
	    "在此运行中的节点上进行，而非目录（init、list、report 除外）" } },
	{ "as", "INDEX:HANDLE", { "with --node: who asks", "与 --node 同用：操作身份" } },
	{ "ca", "FILE", { "with --node: whose certificates are trusted",
	    "与 --node 同用：信任的 CA 证书" } },
	{ "allow", "RANGE", { "with --node: addresses that are not public and yet right, e.g. "
	    "10.0.0.0/8", "与 --node 同用：允许连接的非公网地址段" } },
	{ NULL, NULL, { NULL, NULL } }
};

static const char conf_text[] =
"# A node of the registry. Paths are relative to this file; docs/registry.md tells more.\n"
"# Read again at SIGHUP; addresses, threads and the registry's folder only at a start.\n"
"[node]\n"
"name = %s\n"
"role = %s\n"
"prefix = %.*s\n"
"admin = %s\n"
"registry = registry\n"
"# What others are told (HS_SITE):\n"
"# public_address = 192.0.2.1\n"
"# public_http_port = 80\n"
"# public_https_port = 443\n"
"\n"
"# http and unix are for a proxy in front, or for reading only: writing needs TLS.\n"
"[listen]\n"
"http = %s\n"
"# unix = run/tanji.sock\n"
"# https = 0.0.0.0:8443\n"
"# certificate = tls/cert.pem\n"
"# key = tls/key.pem\n"
"# client_certificates = yes\n"
"# trusted_proxy = 127.0.0.1\n"
"# metrics_from = 10.0.0.0/8\n"
"\n"
"# A key that is not here has the value shown.\n"
"[limits]\n"
"# threads = 8\n"
"# body_bytes = 4194304\n"
"# all_bodies_bytes = 268435456\n"
"# target_bytes = 8192\n"
"# header_bytes = 8192\n"
"# connections = 4096\n"
"# connections_per_address = 256\n"
"# requests_per_second = 0\n"
"# burst = 1000\n"
"# idle_seconds = 60\n"
"# request_seconds = 60\n"
"# drain_seconds = 30\n"
"\n"
"# The node above, to which prefixes handed out here are reported (`tanji node report`).\n"
"# [parent]\n"
"# url = https://node-above.example:8443\n"
"# as = 301:0.NA/%.*s\n"
"# secret = parent.key\n"
"# ca = parent.pem\n"
"# allow = 10.0.0.0/8\n"
"\n"
"# A transparency log that is shown below /log/, and the witness of others' logs that this\n"
"# node is, below /witness/; made by `tanji log init` and `tanji witness init`.\n"
"# [evidence]\n"
"# log = log\n"
"# witness = witness\n"
"\n"
"# stderr, off, or a file; one line of JSON for each request.\n"
"[log]\n"
"# access = stderr\n";

/* What `init` works with. */
struct plan {
	const char		*dir, *name, *role, *http, *admin_text;
	tj_str			 prefix, secret;
	struct tj_reference	 admin;
	tj_str			 conf_path, registry, secret_path;
};

static const char *
value_or(const struct tj_args *args, const char *name, const char *otherwise)
{
	const char *value = tj_args_value(args, name);

	return value == NULL ? otherwise : value;
}

static bool
is_line(const char *text)
{
	const tj_str s = tj_str_of(text);

	return tj_str_is_utf8(s) && tj_str_control(s) == s.n;
}

static enum tj_rc
plan_make(struct plan *plan, struct tj_cli *cli, const struct tj_args *args)
{
	tj_str admin;

	plan->dir = args->operand_count > 1 ? args->operands[1] : ".";
	plan->prefix = tj_str_of(tj_args_value(args, "prefix"));
	if (plan->prefix.n == 0 || tj_str_find(plan->prefix, '/') < plan->prefix.n ||
	    !is_line(plan->prefix.p))
		return tj_fail(&cli->err, TJ_E_USAGE,
		    "node init needs --prefix, such as 88.111.1");
	plan->name = value_or(args, "name", "Example node");
	plan->role = value_or(args, "role", "enterprise");
	plan->http = value_or(args, "http", "127.0.0.1:8080");
	if (!is_line(plan->name) || !is_line(plan->role) || !is_line(plan->http))
		return tj_fail(&cli->err, TJ_E_USAGE, "an option is one line of text");
	admin = tj_args_value(args, "admin") != NULL ? tj_str_of(tj_args_value(args, "admin")) :
	    tj_str_fmt(cli->arena, "300:%.*s/ADMIN", TJ_FMT(plan->prefix));
	plan->conf_path = tj_str_fmt(cli->arena, "%s/" TJ_NODE_FILE, plan->dir);
	plan->registry = tj_str_fmt(cli->arena, "%s/registry", plan->dir);
	plan->secret_path = tj_str_fmt(cli->arena, "%s/admin.key", plan->dir);
	if (admin.p == NULL || plan->conf_path.p == NULL || plan->registry.p == NULL ||
	    plan->secret_path.p == NULL)
		return tj_fail_nomem(&cli->err);
	plan->admin_text = admin.p;
	if (!is_line(admin.p) ||
	    tj_reference_parse(&plan->admin, admin, cli->arena, NULL) != TJ_OK ||
	    plan->admin.index == 0)
		return tj_fail(&cli->err, TJ_E_USAGE,
		    "--admin is an index and a handle like 300:88.111.1/ADMIN, not %s", admin.p);
	return TJ_OK;
}

/* One that an interrupted init made is used again. */
static enum tj_rc
secret_make(struct plan *plan, struct tj_cli *cli)
{
	uint8_t bytes[SECRET_BYTES];
	char hex[2 * SECRET_BYTES + 2];

	if (access(plan->secret_path.p, F_OK) == 0)
		return tj_secret_read(&plan->secret, plan->secret_path.p, cli->arena, &cli->err);
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return tj_fail(&cli->err, TJ_E_IO, "the system gives no random bytes");
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)sprintf(hex + 2 * i, "%02x", bytes[i]);
	hex[2 * SECRET_BYTES] = '\n';
	TRY(tj_file_write(plan->secret_path.p, (tj_str){ hex, 2 * SECRET_BYTES + 1 }, 0600,
	    &cli->err));
	explicit_bzero(hex, sizeof(hex));
	explicit_bzero(bytes, sizeof(bytes));
	(void)fprintf(stderr, "%s (0600: %s)\n", plan->secret_path.p,
	    TJ_SAY(cli, "the administrator's secret key; keep it secret, keep a copy",
	    "管理员密钥，请保密并备份"));
	return tj_secret_read(&plan->secret, plan->secret_path.p, cli->arena, &cli->err);
}

static enum tj_rc
registry_found(const struct plan *plan, struct tj_cli *cli)
{
	struct tj_node_registry registry = { 0 };
	enum tj_rc rc;

	TRY(tj_node_open(&registry, plan->registry.p, &cli->err));
	rc = tj_node_found(registry.records, plan->prefix, &plan->admin, plan->secret,
	    (uint32_t)cli->at, cli->arena, &cli->err);
	tj_node_close(&registry);
	return rc;
}

/* node.conf comes last: without it nothing was begun. */
static enum tj_rc
node_init(struct tj_cli *cli, const struct tj_args *args)
{
	const char *secret_file = tj_args_value(args, "secret-file");
	struct tj_node_conf conf;
	struct plan plan = { 0 };
	enum tj_rc rc;
	tj_str text;

	TRY(plan_make(&plan, cli, args));
	if (access(plan.conf_path.p, F_OK) == 0)
		return tj_fail(&cli->err, TJ_E_CONFLICT, "%s is there already",
		    plan.conf_path.p);
	TRY(tj_file_make_folder(plan.dir, 0755, &cli->err));
	if (secret_file != NULL)
		TRY(tj_secret_read(&plan.secret, secret_file, cli->arena, &cli->err));
	else
		TRY(secret_make(&plan, cli));
	TRY(registry_found(&plan, cli));
	text = tj_str_fmt(cli->arena, conf_text, plan.name, plan.role, TJ_FMT(plan.prefix),
	    plan.admin_text, plan.http, TJ_FMT(plan.prefix));
	if (text.p == NULL)
		return tj_fail_nomem(&cli->err);
	TRY(tj_file_write(plan.conf_path.p, text, 0644, &cli->err));
	if ((rc = tj_node_conf_read(&conf, plan.dir, cli->arena, &cli->err)) != TJ_OK) {
		(void)unlink(plan.conf_path.p);		/* an option does not hold */
		return rc;
	}
	(void)fprintf(stderr, TJ_SAY(cli, "%s written. Next: look at it, then\n  tanji serve %s\n",
	    "已写入 %s。请检查后运行\n  tanji serve %s\n"), plan.conf_path.p, plan.dir);
	return TJ_OK;
}

static enum tj_rc
node(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	const tj_str action = tj_str_of(args->operands[0]);

	if (tj_str_eq(action, TJ_S("init")))
		return node_init(cli, args);
	if (tj_str_eq(action, TJ_S("register")))
		return tj_node_register(cli, args);
	if (tj_str_eq(action, TJ_S("remove")))
		return tj_node_remove(cli, args);
	if (tj_str_eq(action, TJ_S("list")))
		return tj_node_list(cli, args);
	if (tj_str_eq(action, TJ_S("show")))
		return tj_node_show(cli, args);
	if (tj_str_eq(action, TJ_S("report")))
		return tj_node_report_all(cli, args, status);
	if (tj_str_eq(action, TJ_S("key")))
		return tj_node_key(cli, args);
	if (tj_str_eq(action, TJ_S("sign")))
		return tj_node_sign(cli, args);
	if (tj_str_eq(action, TJ_S("certify")))
		return tj_node_certify(cli, args);
	if (tj_str_eq(action, TJ_S("verify")))
		return tj_node_verify(cli, args, status);
	return tj_fail(&cli->err, TJ_E_USAGE, "node init, register, remove, list, show, report, "
	    "key, sign, certify or verify, not %.*s", TJ_FMT(action));
}

const struct tj_command tj_cmd_node = {
	.name = "node",
	.summary = { "begin a node, hand out prefixes, sign records", "建立登记节点，分配前缀，签署记录" },
	.operands = "init [DIR] | register PREFIX [DIR] | remove PREFIX [DIR] | list [DIR] | "
	    "show PREFIX [DIR] | report [DIR] | key INDEX:HANDLE [DIR] | sign HANDLE [DIR] | "
	    "certify INDEX:HANDLE [DIR] | verify HANDLE [DIR]",
	.operand_min = 1,
	.operand_max = 3,
	.options = options,
	.about = {
		"init writes DIR/node.conf with comments and makes DIR/registry with what a node "
		"begins with: its prefix at home, the record 0.NA/PREFIX, and the administrator's "
		"record with the secret key, which the public cannot read. Without --secret-file "
		"the key is made at random and kept in DIR/admin.key (0600).\n"
		"register hands out a prefix below one that is home here: the record 0.NA/PREFIX "
		"names the node that is home to it and who answers for it. remove takes it back. "
		"Both work while the node serves. Where node.conf names the node above ([parent]), "
		"it is told at once if it answers, and by report later; nothing waits for it. "
		"report exits with 75 when that node cannot be reached, 1 when it refused some.\n"
		"sign adds to a record the HS_SIGNATURE of --signer over all values that the "
		"public may read, or puts it in the place of the signer's last one; it is not made "
		"where readers would refuse it. key publishes a signer's public key (HS_PUBKEY) in "
		"a record that is there. verify tells whether the values are those that were "
		"signed, and by whom, and exits with 1 if not; with --trust-root certificates "
		"(HS_CERT) must lead from there to the signer.\n"
		"certify vouches with the key of --signer for the key at INDEX:HANDLE, such as "
		"that of the administrator of a prefix that was handed out, and puts the "
		"certificate in that record. Who may not write there hands it over with "
		"--output, and --certificate puts it there. It is not made with another key than "
		"the signer's record shows, nor put beside another key than the one it is about.\n"
		"Items of the entity (* must be there; text each):"
#define REQUIRED "*"
#define OPTIONAL ""
#define X(name, need, form, max, en, zh) "\n" #name need ": " en
#include "model/entity.def"
#undef X
		,
		"init 写出带注释的 DIR/node.conf，并在 DIR/registry 中建立节点的初始内容：所辖前缀、"
		"0.NA/前缀 记录，以及带密钥（公众不可读）的管理员记录。"
		"未给出 --secret-file 时随机生成密钥，存于 DIR/admin.key（0600）。\n"
		"register 在本节点所辖前缀之下分配前缀：记录 0.NA/前缀 指明下级节点与责任主体；"
		"remove 收回。节点运行时也可进行。node.conf 中 [parent] 指明上级节点时，"
		"上级可达即刻上报，否则由 report 补报，登记不等待上级。"
		"上级不可达时 report 退出状态为 75，有被拒绝者为 1。\n"
		"sign 在记录中加入 --signer 对全部公众可读值的签名（HS_SIGNATURE），或替换其原有签名；"
		"读者不会接受的签名不予写入。key 在已有记录中发布签名者公钥（HS_PUBKEY）。"
		"verify 核验各值是否与签名一致及由谁签名，否则退出状态为 1；"
		"给出 --trust-root 时，证书链（HS_CERT）须由该根延至签名者。\n"
		"certify 以 --signer 的密钥为 INDEX:HANDLE 处的公钥（如下级前缀管理员的公钥）签发证书，"
		"并写入该记录；无权写入时以 --output 写成文件转交，由对方以 --certificate 写入。"
		"所用密钥与签名者记录所示不符的不予签发，与被认证记录所示公钥不符的不予写入。\n"
		"责任主体各项（* 为必填，均为文本）："
#define X(name, need, form, max, en, zh) "\n" #name need ": " zh
#include "model/entity.def"
#undef X
#undef REQUIRED
#undef OPTIONAL
	},
	.examples = "tanji node init node --prefix 88.111.1\n"
	    "tanji node init node --prefix 88.111.1 --admin 300:88.111.1/ADMIN "
	    "--secret-file secret\n"
	    "tanji node register 88.101.0042 node --entity mill.json --address 192.0.2.7 "
	    "--https-port 8443 --admin 300:88.101.0042/ADMIN\n"
	    "tanji node key 301:88.111.1/ADMIN node --key signer.pem\n"
	    "tanji node sign 88.111.1/SN0001 node --signer 301:88.111.1/ADMIN --key signer.pem\n"
	    "tanji node certify 301:88.101.0042/ADMIN industry --signer 301:88.101/ADMIN "
	    "--key industry.pem --public-key mill.pub --output mill.cert\n"
	    "tanji node certify 301:88.101.0042/ADMIN mill --certificate mill.cert",
	.run = node,
};
