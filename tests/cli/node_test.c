#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/node_conf.h"
#include "engine/cli/opt.h"
#include "exchange/handle_cert.h"
#include "tests/support/tls_node.h"

/* A node's folder and one that runs, which is above it. */
static struct tls_node	above;
static char		dir[] = "/tmp/tanji-test-XXXXXX";
static struct tj_err	err;

static const char entity[] = "{\"name\":\"示例\",\"creditCode\":\"91350100M000100Y43\","
    "\"industry\":\"3130\",\"region\":\"350100\",\"address\":\"a\",\"legalRepresentative\":\"b\","
    "\"contactName\":\"c\",\"contactPhone\":\"010-00000000\",\"contactEmail\":\"a@b.example\","
    "\"nodeName\":\"n\"}";

/* "DIR/name", until the fifth one after it. */
static const char *
in(const char *name)
{
	static char paths[5][128];
	static unsigned next;

	next = (next + 1) % 5;
	(void)snprintf(paths[next], sizeof(paths[next]), "%s/%s", dir, name);
	return paths[next];
}

static void
put(const char *name, const char *text, mode_t mode)
{
	assert_ok(tj_file_write(in(name), tj_str_of(text), mode, &err), &err);
}

/* `tanji node …`; what it says goes nowhere. */
static enum tj_rc
node(const char *const *words, int *status)
{
	struct tj_cli cli = { .at = 1790812800, .quiet = true, .arena = tj_arena_new(1 << 26) };
	const int out = dup(STDOUT_FILENO), told = dup(STDERR_FILENO);
	const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct tj_args args;
	char *argv[32];
	int argc = 0;
	enum tj_rc rc = TJ_E_NOMEM;

	(void)fflush(stdout);
	(void)dup2(nowhere, STDOUT_FILENO);
	(void)dup2(nowhere, STDERR_FILENO);
	while (words[argc] != NULL) {
		argv[argc] = (char *)(uintptr_t)words[argc];
		argc++;
	}
	*status = 0;
	if (cli.arena != NULL)
		rc = tj_args_parse(&args, &tj_cmd_node, argc, argv, cli.arena, &cli.err);
	if (rc == TJ_OK)
		rc = tj_cmd_node.run(&cli, &args, status);
	err = cli.err;
	(void)fflush(stdout);
	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(told, STDERR_FILENO);
	(void)close(out);
	(void)close(told);
	(void)close(nowhere);
	tj_arena_free(cli.arena);
	return rc;
}

#define NODE(status, ...)	node((const char *const[]){ __VA_ARGS__, NULL }, (status))

static int
begin(void **state)
{
	tj_str key;
	struct tj_arena *arena = tj_arena_new(1 << 20);

	(void)state;
	tls_node_open(&above);
	assert_non_null(mkdtemp(dir));
	put("entity.json", entity, 0644);
	put("secret", "secret\n", 0600);
	key = tj_test_file("tests/registry/data/user.key.pem", arena);
	put("user.pem", key.p, 0600);
	key = tj_test_file("tests/exchange/data/handle-industry.key.pem", arena);
	put("industry.pem", key.p, 0600);
	tj_arena_free(arena);
	return 0;
}

static int
end(void **state)
{
	char command[128];

	(void)state;
	tls_node_close(&above);
	(void)snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static void
memory_may_run_out_while_a_node_is_begun(void **state)
{
	struct tj_node_conf conf;
	struct tj_arena *arena = tj_arena_new(1 << 20);
	int status;

	(void)state;
	OOM_LOOP(NODE(&status, "init", in("n"), "--prefix", "21"));
	assert_ok(tj_node_conf_read(&conf, in("n"), arena, &err), &err);
	assert_str("21", conf.prefixes.v[0]);
	tj_arena_free(arena);
}

static enum tj_rc
conf_once(void)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_node_conf conf;
	enum tj_rc rc;

	if (arena == NULL)
		return TJ_E_NOMEM;
	rc = tj_node_conf_read(&conf, in("n"), arena, &err);
	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out_while_all_of_node_conf_is_read(void **state)
{
	char text[2048];

	(void)state;
	(void)snprintf(text, sizeof(text), "[node]\nname = N\nrole = root\nprefix = 21\n"
	    "admin = 300:21/ADMIN\nregistry = registry\npublic_address = 192.0.2.1\n"
	    "public_http_port = 80\n[listen]\nhttp = 127.0.0.1:0\nunix = s\nhttps = 127.0.0.1:0\n"
	    "certificate = c\nkey = k\ntrusted_proxy = 10.0.0.0/8\nmetrics_from = 10.0.0.0/8\n"
	    "[limits]\nthreads = 2\n[parent]\nurl = %s\nas = 300:88.111.1/ADMIN\n"
	    "secret = ../secret\nca = %s\nallow = 127.0.0.0/8\n[log]\naccess = log\n", above.url,
	    above.ca);
	put("n/node.conf", text, 0644);
	OOM_LOOP(conf_once());
}

static void
memory_may_run_out_while_prefixes_are_handed_out_and_reported(void **state)
{
	int status;

	(void)state;
	OOM_LOOP(NODE(&status, "register", "21.T1", in("n"), "--entity", in("entity.json"),
	    "--address", "192.0.2.7", "--https-port", "8443", "--admin", "300:21.T1/ADMIN"));
	assert_ok(NODE(&status, "report", in("n")), &err);
	assert_int_equal(status, 0);
	OOM_LOOP(NODE(&status, "list", in("n")));
	OOM_LOOP(NODE(&status, "show", "21.T1", in("n")));
	OOM_LOOP(NODE(&status, "show", "21.T1", "--node", above.url, "--as", "300:88.111.1/ADMIN",
	    "--secret-file", in("secret"), "--ca", above.ca, "--allow", "127.0.0.0/8"));
	OOM_LOOP(NODE(&status, "report", in("n")));
	assert_ok(NODE(&status, "remove", "21.T1", in("n")), &err);
	assert_rc(TJ_E_NOTFOUND, NODE(&status, "show", "21.T1", in("n")), &err);
}

static void
memory_may_run_out_while_a_record_is_signed(void **state)
{
	int status;

	(void)state;
	OOM_LOOP(NODE(&status, "key", "301:21/ADMIN", in("n"), "--key", in("user.pem")));
	OOM_LOOP(NODE(&status, "sign", "21/ADMIN", in("n"), "--key", in("user.pem"), "--signer",
	    "301:21/ADMIN"));
	OOM_LOOP(NODE(&status, "verify", "21/ADMIN", in("n")));
	assert_int_equal(status, 0);
	OOM_LOOP(NODE(&status, "key", "301:88.111.1/ADMIN", "--key", in("user.pem"), "--node", above.url,
	    "--as", "300:88.111.1/ADMIN", "--secret-file", in("secret"), "--ca", above.ca, "--allow",
	    "127.0.0.0/8"));
	OOM_LOOP(NODE(&status, "sign", "88.111.1/ADMIN", "--key", in("user.pem"), "--signer",
	    "301:88.111.1/ADMIN", "--node", above.url, "--as", "300:88.111.1/ADMIN", "--secret-file",
	    in("secret"), "--ca", above.ca, "--allow", "127.0.0.0/8"));
	assert_ok(NODE(&status, "verify", "88.111.1/ADMIN", "--node", above.url, "--as",
	    "300:88.111.1/ADMIN", "--secret-file", in("secret"), "--ca", above.ca, "--allow",
	    "127.0.0.0/8"), &err);
	assert_int_equal(status, 0);
}

/* The key of 301:21/ADMIN is in its record, that of 300:99/ROOT in none. */
#define CERTIFY	"certify", "301:21/ADMIN", in("n"), "--signer", "300:99/ROOT", "--key", in("industry.pem")

static void
memory_may_run_out_while_a_key_is_certified(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_handle_cert cert;
	tj_str text;
	int status;

	(void)state;
	OOM_LOOP(NODE(&status, CERTIFY));
	OOM_LOOP(NODE(&status, CERTIFY));		/* the one that is there gives way */
	OOM_LOOP(NODE(&status, CERTIFY, "--output", in("cert"), "--grant", "everything"));
	OOM_LOOP(NODE(&status, "certify", "301:21/ADMIN", in("n"), "--certificate", in("cert")));
	assert_ok(tj_file_read(&text, in("cert"), 1 << 16, arena, &err), &err);
	assert_ok(tj_handle_cert_read(&cert, tj_str_trim(text), arena, &err), &err);
	assert_int_equal(cert.perm_count, 1);
	assert_int_equal(cert.perms[0].perm, TJ_PERM_EVERYTHING);
	assert_int_equal(cert.claims.expires, 1790812800 + 365 * 86400);
	tj_arena_free(arena);
}

static void
a_key_that_its_record_does_not_show_is_certified_by_none_and_certifies_none(void **state)
{
	int status;

	(void)state;
	assert_rc(TJ_E_REFUSED, NODE(&status, "certify", "301:21/ADMIN", in("n"), "--signer",
	    "301:21/ADMIN", "--key", in("industry.pem")), &err);
	assert_non_null(strstr(err.text, "is not the key that 21/ADMIN shows at 301"));
	assert_ok(NODE(&status, CERTIFY, "--output", in("cert")), &err);
	assert_ok(NODE(&status, "key", "301:21/ADMIN", in("n"), "--key", in("industry.pem")), &err);
	assert_rc(TJ_E_REFUSED, NODE(&status, "certify", "301:21/ADMIN", in("n"), "--certificate",
	    in("cert")), &err);
	assert_string_equal(err.text, "it certifies another key than 21/ADMIN shows at 301");
	assert_rc(TJ_E_DATA, NODE(&status, "certify", "302:21/ADMIN", in("n"), "--certificate",
	    in("cert")), &err);
	assert_rc(TJ_E_USAGE, NODE(&status, "certify", "302:21/ADMIN", in("n"), "--certificate",
	    in("cert"), "--output", in("other")), &err);
	assert_rc(TJ_E_USAGE, NODE(&status, CERTIFY, "--grant", "all"), &err);
	assert_rc(TJ_E_USAGE, NODE(&status, "certify"), &err);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(memory_may_run_out_while_a_node_is_begun),
		test(memory_may_run_out_while_all_of_node_conf_is_read),
		test(memory_may_run_out_while_prefixes_are_handed_out_and_reported),
		test(memory_may_run_out_while_a_record_is_signed),
		test(memory_may_run_out_while_a_key_is_certified),
		test(a_key_that_its_record_does_not_show_is_certified_by_none_and_certifies_none),
	};

	cmocka_set_test_filter(getenv("TJ_TESTS"));
	return cmocka_run_group_tests(tests, begin, end);
}
