#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/node_evidence.h"
#include "engine/cli/node_open.h"
#include "engine/cli/notify.h"
#include "engine/cli/opt.h"
#include "engine/cli/out.h"
#include "engine/cli/page_files.h"
#include "exchange/registry/current.h"
#include "exchange/registry/node.h"
#include "exchange/registry/sessions.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define OTHER_FILES	128	/* descriptors beside connections: registry, logs, threads */

/* The node as it was configured last; requests keep the one they began with. */
struct configured {
	struct tj_shared	 shared;
	struct tj_node		 node;
	struct tj_node_conf	 conf;
	tj_str			 did_json;
	struct tj_node_evidence	 evidence;
	struct tj_page_settings	 page;
	struct tj_page_files	 files;
	struct tj_arena		*arena;
};

struct serving {
	struct tj_cli		*cli;
	const char		*dir;
	struct tj_node_registry	 registry;
	struct tj_sessions	*sessions;
	struct tj_current	 configured;
	struct tj_http_server	*server;
	struct tj_http_meter	 meter;
	int			 log;		/* -1: none */
};

/* Signals say what shall happen through this pipe: 'T' end, 'H' read again. */
static int signals[2] = { -1, -1 };

static void
on_signal(int signal)
{
	const int kept = errno;

	(void)!write(signals[1], signal == SIGHUP ? "H" : "T", 1);
	errno = kept;
}

static enum tj_rc
signals_take(struct tj_err *err)
{
	const struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	const struct sigaction ignored = { .sa_handler = SIG_IGN };

	if (pipe2(signals, O_CLOEXEC) != 0 || fcntl(signals[1], F_SETFL, O_NONBLOCK) != 0)
		return tj_fail(err, TJ_E_IO, "no pipe: %s", strerror(errno));
	(void)sigaction(SIGTERM, &act, NULL);
	(void)sigaction(SIGINT, &act, NULL);
	(void)sigaction(SIGHUP, &act, NULL);
	(void)sigaction(SIGPIPE, &ignored, NULL);
	return TJ_OK;
}

static void
answer(void *ctx, const struct tj_http_request *request, struct tj_http_response *response,
    struct tj_arena *arena)
{
	struct serving *serving = ctx;
	struct tj_shared *now = tj_current_take(&serving->configured);

	tj_node_answer(&((struct configured *)now)->node, request, response, arena);
	tj_current_drop(&serving->configured, now);
}

static void
configured_end(struct tj_shared *shared)
{
	struct configured *configured = (struct configured *)shared;

	tj_node_evidence_close(&configured->evidence);
	tj_arena_free(configured->arena);
	tj_mem_free(configured);
}

static void
node_fill(struct configured *c, const struct serving *serving)
{
	c->node.settings = (struct tj_node_settings){
	    .name = c->conf.name, .admins = c->conf.admins.v, .admin_count = c->conf.admins.n,
	    .public_address = c->conf.public_address, .http_port = c->conf.public_http,
	    .https_port = c->conf.public_https, .watchers = c->conf.watchers.v,
	    .watcher_count = c->conf.watchers.n, .did_json = c->did_json,
	    .page = c->page };
	c->node.records = serving->registry.records;
	c->node.declarations = serving->registry.declarations;
	c->node.sessions = serving->sessions;
	c->node.log = c->evidence.log;
	c->node.witness = c->evidence.witness;
	c->node.witnessed = c->evidence.witnessed;
	c->node.meter = &serving->meter;
	c->node.page = &c->files.port;
}

static enum tj_rc
configured_read(struct configured **out, struct serving *serving)
{
	struct tj_err *err = &serving->cli->err;
	struct configured *c = tj_mem_calloc(1, sizeof(*c));
	enum tj_rc rc;

	if (c == NULL || (c->arena = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL) {
		tj_mem_free(c);
		return tj_fail_nomem(err);
	}
	c->shared.end = configured_end;
	rc = tj_node_conf_read(&c->conf, serving->dir, c->arena, err);
	if (rc == TJ_OK && c->conf.did != NULL)
		rc = tj_file_read(&c->did_json, c->conf.did, TJ_MAX_KEYS_BYTES, c->arena, err);
	if (rc == TJ_OK)
		rc = tj_node_evidence_open(&c->evidence, &c->conf, c->arena, err);
	if (rc == TJ_OK)
		rc = tj_page_files_read(&c->page, &c->files, &c->conf.page, c->arena, err);
	if (rc != TJ_OK) {
		configured_end(&c->shared);
		return rc;
	}
	node_fill(c, serving);
	*out = c;
	return TJ_OK;
}

/* The certificate and key are read each time: they are what changes most often. */
static enum tj_rc
settings_make(struct tj_http_settings *settings, struct configured *c, struct tj_err *err)
{
	const struct tj_node_conf *conf = &c->conf;

	*settings = (struct tj_http_settings){ .limits = conf->limits,
	    .trusted = conf->trusted.v, .trusted_count = conf->trusted.n,
	    .asks_certificate = conf->asks_certificate };
	if (conf->tls.n == 0)
		return TJ_OK;
	TRY(tj_file_read(&settings->certificate, conf->certificate, TJ_MAX_DOC_BYTES, c->arena,
	    err));
	return tj_file_read_private(&settings->key, conf->key, TJ_MAX_KEY_BYTES, c->arena, err);
}

/* The log keeps its descriptor; another file takes its place in one step. */
static enum tj_rc
log_open(struct serving *serving, const struct tj_node_conf *conf)
{
	int fd;

	if (conf->log == NULL)
		return TJ_OK;
	fd = *conf->log == '\0' ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) :
	    open(conf->log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	if (fd < 0)
		return tj_fail(&serving->cli->err, TJ_E_IO, "%s: cannot write the access log: %s",
		    conf->log, strerror(errno));
	if (serving->log < 0) {
		serving->log = fd;
		return TJ_OK;
	}
	(void)dup3(fd, serving->log, O_CLOEXEC);
	(void)close(fd);
	return TJ_OK;
}

static enum tj_rc
descriptors_raise(const struct tj_node_conf *conf, struct tj_err *err)
{
	const rlim_t need = (rlim_t)conf->limits.connections + OTHER_FILES;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need)
		return TJ_OK;
	limit.rlim_cur = limit.rlim_max;
	if (limit.rlim_max < need || setrlimit(RLIMIT_NOFILE, &limit) != 0)
		return tj_fail(err, TJ_E_CONFIG, "connections = %u in [limits] needs %llu "
		    "descriptors, and this process may have %llu; lower it, or raise the other "
		    "(LimitNOFILE of systemd, ulimit -n)", conf->limits.connections,
		    (unsigned long long)need, (unsigned long long)limit.rlim_max);
	return TJ_OK;
}

static enum tj_rc
homes_set(struct serving *serving, const struct tj_node_conf *conf)
{
	struct tj_records *records = serving->registry.records;

	for (size_t i = 0; i < conf->prefixes.n; i++)
		TRY(records->set_home(records, conf->prefixes.v[i], true, &serving->cli->err));
	return TJ_OK;
}

static enum tj_rc
server_start(struct serving *serving, struct configured *c)
{
	const struct tj_http_setup setup = {
	    .plain = c->conf.plain.v, .plain_count = c->conf.plain.n,
	    .tls = c->conf.tls.v, .tls_count = c->conf.tls.n, .threads = c->conf.threads,
	    .log = serving->log, .app = { answer, serving }, .meter = &serving->meter };
	struct tj_http_settings settings;

	TRY(settings_make(&settings, c, &serving->cli->err));
	return tj_http_server_start(&serving->server, &setup, &settings, &serving->cli->err);
}

/* "127.0.0.1:0" with the port it got. */
static void
address_print(const struct serving *serving, const char *scheme, tj_str address, size_t which)
{
	size_t colon = address.n;

	while (colon > 0 && address.p[colon - 1] != ':')
		colon--;
	if (tj_str_starts(address, TJ_S("unix:")))
		(void)printf(" %.*s", TJ_FMT(address));
	else
		(void)printf(" %s://%.*s%u", scheme, (int)colon, address.p,
		    tj_http_server_port(serving->server, which));
}

/* Standard output: a program that started us waits for this line. */
static void
addresses_print(const struct serving *serving, const struct tj_node_conf *conf)
{
	(void)printf("%.*s (%.*s):", TJ_FMT(conf->name), TJ_FMT(conf->role));
	for (size_t i = 0; i < conf->plain.n; i++)
		address_print(serving, "http", conf->plain.v[i], i);
	for (size_t i = 0; i < conf->tls.n; i++)
		address_print(serving, "https", conf->tls.v[i], conf->plain.n + i);
	(void)putchar('\n');
	(void)fflush(stdout);
}

static bool
same_texts(const tj_str *a, size_t n, const tj_str *b, size_t m)
{
	bool same = n == m;

	for (size_t i = 0; same && i < n; i++)
		same = tj_str_eq(a[i], b[i]);
	return same;
}

/* What only a start takes over. */
static bool
needs_restart(const struct tj_node_conf *now, const struct tj_node_conf *next)
{
	return !same_texts(now->plain.v, now->plain.n, next->plain.v, next->plain.n) ||
	    !same_texts(now->tls.v, now->tls.n, next->tls.v, next->tls.n) ||
	    now->threads != next->threads || strcmp(now->registry, next->registry) != 0 ||
	    (now->log == NULL) != (next->log == NULL) ||
	    now->limits.target_bytes < next->limits.target_bytes ||
	    now->limits.header_bytes < next->limits.header_bytes;
}

static enum tj_rc
reload(struct serving *serving)
{
	struct configured *now = (struct configured *)tj_current_take(&serving->configured);
	struct tj_http_settings settings;
	struct configured *next;
	bool restart = false;
	enum tj_rc rc;

	if ((rc = configured_read(&next, serving)) == TJ_OK) {
		restart = needs_restart(&now->conf, &next->conf);
		rc = settings_make(&settings, next, &serving->cli->err);
		if (rc == TJ_OK)
			rc = homes_set(serving, &next->conf);
		if (rc == TJ_OK)
			rc = tj_http_server_change(serving->server, &settings,
			    &serving->cli->err);
		if (rc == TJ_OK)
			rc = log_open(serving, &next->conf);
		if (rc == TJ_OK)
			tj_current_put(&serving->configured, &next->shared);
		else
			configured_end(&next->shared);
	}
	tj_current_drop(&serving->configured, &now->shared);
	if (restart)
		(void)fprintf(stderr, "%s\n", TJ_SAY(serving->cli, "addresses, threads, registry, "
		    "log on or off, longer lines: these change when the server is started again",
		    "监听地址、线程数、登记库、日志开关与更长的行在重新启动后生效"));
	return rc;
}

/* A mistake in the new configuration leaves the old one in force. */
static void
reload_and_tell(struct serving *serving)
{
	tj_notify_reloading();
	tj_err_clear(&serving->cli->err);
	if (reload(serving) == TJ_OK)
		(void)fprintf(stderr, "%s\n", TJ_SAY(serving->cli, "configuration read again",
		    "已重新读取配置"));
	else
		tj_out_error(stderr, &serving->cli->err, serving->cli->lang);
	tj_notify("READY=1");
}

static void
serve_until_told(struct serving *serving)
{
	char what = 'H';
	ssize_t n;

	while (what == 'H') {
		n = read(signals[0], &what, 1);
		if (n == 1 && what == 'H')
			reload_and_tell(serving);
		else if (n < 0 && errno == EINTR)
			what = 'H';
	}
}

static void
drain(struct serving *serving)
{
	struct configured *now = (struct configured *)tj_current_take(&serving->configured);
	const unsigned seconds = now->conf.drain_s;
	unsigned cut;

	tj_current_drop(&serving->configured, &now->shared);
	tj_notify("STOPPING=1");
	cut = tj_http_server_drain(serving->server, seconds);
	if (cut > 0)
		(void)fprintf(stderr, TJ_SAY(serving->cli, "%u requests were not done within %u "
		    "seconds\n", "%u 个请求未能在 %u 秒内完成\n"), cut, seconds);
}

static enum tj_rc
serve_configured(struct serving *serving, struct configured *c)
{
	TRY(descriptors_raise(&c->conf, &serving->cli->err));
	TRY(log_open(serving, &c->conf));
	TRY(tj_node_open(&serving->registry, c->conf.registry, &serving->cli->err));
	TRY(tj_sessions_new(&serving->sessions, &serving->cli->err));
	TRY(homes_set(serving, &c->conf));
	node_fill(c, serving);
	TRY(server_start(serving, c));
	return TJ_OK;
}

static enum tj_rc
serve(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct serving serving = { .cli = cli, .log = -1,
	    .dir = args->operand_count > 0 ? args->operands[0] : "." };
	struct configured *c;
	enum tj_rc rc;

	(void)status;
	TRY(configured_read(&c, &serving));
	tj_current_init(&serving.configured, &c->shared);
	rc = signals_take(&cli->err);
	if (rc == TJ_OK)
		rc = serve_configured(&serving, c);
	if (rc == TJ_OK) {
		addresses_print(&serving, &c->conf);
		tj_notify("READY=1");
		serve_until_told(&serving);
		drain(&serving);
	}
	tj_http_server_stop(serving.server);
	tj_sessions_free(serving.sessions);
	tj_node_close(&serving.registry);
	tj_current_fini(&serving.configured);
	if (serving.log >= 0)
		(void)close(serving.log);
	return rc;
}

const struct tj_command tj_cmd_serve = {
	.name = "serve",
	.summary = { "answer for a node of the registry, over HTTP",
	    "运行登记节点的 HTTP 服务" },
	.operands = "[DIR]",
	.operand_max = 1,
	.about = {
		"DIR/node.conf says who the node is, where it listens and what its limits are; "
		"`tanji node init` writes one. When it answers it prints one line with its "
		"addresses.\n"
		"SIGTERM and SIGINT: no new connections; what has begun is answered; then it ends. "
		"SIGHUP: node.conf, did.json, certificates and the log file are read and opened "
		"again, and no request is dropped.\n"
		"docs/registry.md tells how to run one, alone and behind nginx.",
		"DIR/node.conf 规定节点身份、监听地址与各项上限，可由 `tanji node init` 生成。"
		"开始服务时打印一行监听地址。\n"
		"SIGTERM、SIGINT：不再接受新连接，完成已开始的请求后退出。"
		"SIGHUP：重新读取 node.conf、did.json 与证书并重开日志，不丢失请求。\n"
		"单独运行或置于 nginx 之后的方法见 docs/registry.md。",
	},
	.examples = "tanji node init node --prefix 88.111.1\ntanji serve node",
	.run = serve,
};
