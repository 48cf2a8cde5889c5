#include <stdio.h>
#include <unistd.h>

#include "connectors/file.h"
#include "engine/cli/workspace.h"
#include "tests/support/support.h"

#define COMPANY	"[company]\nissuer = did:web:a.example\nname = A\nprofile = iso14067\n" \
	"period = 2026-09-01..2026-09-30\n"	/* five lines */

/* A folder with this tanji.conf is read and removed; what was read lives in the arena. */
static enum tj_rc
read_conf(struct tj_workspace *ws, const char *conf, struct tj_arena *arena,
    struct tj_err *err)
{
	char dir[] = "/tmp/tanji-test-XXXXXX", path[64];
	enum tj_rc rc;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/tanji.conf", dir);
	assert_int_equal(tj_file_write(path, tj_str_of(conf), 0644, NULL), TJ_OK);
	rc = tj_workspace_read(ws, dir, arena, err);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(dir), 0);
	return rc;
}

static void
what_is_left_out_has_its_usual_place(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_workspace ws;
	struct tj_err err;
	char path[64];

	(void)state;
	assert_ok(read_conf(&ws, COMPANY, arena, &err), &err);
	assert_str("did:web:a.example#k1", ws.kid);
	assert_str("", ws.region);
	assert_int_equal(ws.end - ws.start, 29);
	(void)snprintf(path, sizeof(path), "%s/out/registry", ws.dir.p);
	assert_string_equal(ws.registry, path);
	(void)snprintf(path, sizeof(path), "%s/out/keys/k1.pem", ws.dir.p);
	assert_string_equal(ws.key_path, path);
	assert_int_equal(ws.reads.n + ws.processes.n + ws.patterns.n + ws.trust.n, 0);
	assert_true(ws.files);
	assert_int_equal(ws.group, 32768);
	tj_arena_free(arena);
}

static void
every_section_is_read_in_its_order(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_workspace ws;
	struct tj_err err;

	(void)state;
	assert_ok(read_conf(&ws, COMPANY "kid = k2\n[output]\nregistry = /r\nfiles = no\ngroup = 500\n"
	    "[read]\nsap-mara = in/m.csv\nt/x.xml = /abs/y-*.csv\n"
	    "[factors]\nset = cn-2024\nfile = f.csv\n"
	    "[process BF1]\nstage = raw\nallocation = economic\ncarbon_balance = yes\n"
	    "[process CC1]\nname = Caster\n"
	    "[declare]\nid = h/{batch}\nmaterial = 1\nmaterial = 2\n[declare 2]\nid = g/{batch}\n"
	    "[upstream]\n88.1 = ../s/out\n[trust]\ndid:web:s.example = ../s/did.json 88.1  88.2\n",
	    arena, &err), &err);
	assert_str("did:web:a.example#k2", ws.kid);
	assert_string_equal(ws.registry, "/r");
	assert_false(ws.files);
	assert_int_equal(ws.group, 500);
	assert_int_equal(ws.reads.n, 2);
	assert_str("sap-mara", ws.reads.v[0].template);
	assert_string_equal(ws.reads.v[1].path, "/abs/y-*.csv");
	assert_int_equal(ws.factor_sets.n, 1);
	assert_int_equal(ws.factor_files.n, 1);
	assert_int_equal(ws.processes.n, 2);
	assert_int_equal(ws.processes.v[0].stage, TJ_STAGE_RAW);
	assert_true(ws.processes.v[0].carbon_balance);
	assert_int_equal(ws.processes.v[1].stage, TJ_STAGE_MANUFACTURING);
	assert_str("Caster", ws.processes.v[1].name);
	assert_int_equal(ws.declared.n, 2);
	assert_int_equal(ws.patterns.n, 2);	/* a material's own comes first */
	assert_str("2", ws.patterns.v[0].material);
	assert_str("h/{batch}", ws.patterns.v[1].pattern);
	assert_str("88.1", ws.upstream.v[0].authority);
	assert_int_equal(ws.trust.v[0].authority_count, 2);
	assert_str("88.2", ws.trust.v[0].authorities[1]);
	tj_arena_free(arena);
}

#define VKEY	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

/* One's own has no name. */
static void
logs_of_suppliers_are_named_by_their_issuers(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_workspace ws;
	struct tj_err err;

	(void)state;
	assert_ok(read_conf(&ws, COMPANY "[upstream]\n88.1 = ../s/out\n88.2 = ../t/out\n"
	    "[log]\ndir = log\npolicy = /p\nallow = 10.0.0.0/8\n[log did:web:s.example]\nvkey = " VKEY "\n"
	    "[log did:web:t.example]\npolicy = /t/policy\n[proofs]\n88.2 = /t/files\n", arena, &err),
	    &err);
	assert_int_equal(ws.logs.n, 2);
	assert_str("did:web:s.example", ws.logs.v[0].issuer);
	assert_null(ws.logs.v[0].policy);
	assert_str("PeterNeumann", ws.logs.v[0].vkeys.v[0].name);
	assert_string_equal(ws.logs.v[1].policy, "/t/policy");
	assert_int_equal(ws.logs.v[1].vkeys.n, 0);
	assert_null(ws.upstream.v[0].proofs);
	assert_string_equal(ws.upstream.v[1].proofs, "/t/files");
	assert_non_null(strstr(ws.log.dir, "/log"));
	assert_string_equal(ws.log.policy, "/p");
	assert_int_equal(ws.log.allowed.n, 1);
	tj_arena_free(arena);
}

static void
what_is_wrong_is_said_with_file_line_and_key(void **state)
{
	static const struct {
		const char	*conf;
		uint32_t	 line;
		const char	*field, *text;
	} bad[] = {
		{ "[company]\nissuer = a.example\nname = A\nprofile = cbam\nperiod = 1\n", 2, "issuer",
		    "expected did:web:…, found \"a.example\"" },
		{ "[company]\nissuer = did:web:a\nname = A\nprofile = cbam\nperiod = 2026-09\n", 5,
		    "period", "expected two days like 2026-09-01..2026-09-30, found \"2026-09\"" },
		{ "[company]\nissuer = did:web:a\nname = A\nprofile = cbam\n"
		    "period = 2026-09-30..2026-09-01\n", 5, "period", NULL },
		{ "[company]\nissuer = did:web:a\nname = A\nprofile = cbam\n"
		    "period = 2026-09-01..2026-09-31\n", 5, "period", NULL },
		{ COMPANY "[process BF1]\nstage = melting\n", 7, "stage", "no stage \"melting\"" },
		{ COMPANY "[process BF1]\nallocation = fair\n", 7, "allocation",
		    "expected mass, energy or economic, found \"fair\"" },
		{ COMPANY "[process BF1]\ncarbon_balance = maybe\n", 7, "carbon_balance",
		    "expected yes or no, found \"maybe\"" },
		{ COMPANY "[trust]\ndid:web:s = did.json\n", 7, "did:web:s",
		    "expected a did.json and the identifiers it may speak for, found \"did.json\"" },
		{ COMPANY "[trust]\nca = a.pem\n", 7, "ca", "expected a file of certificates and the "
		    "identifiers it may speak for, found \"a.pem\"" },
		{ COMPANY "[trust]\nca = a.pem 1\nca = b.pem 2\n", 8, "ca", "ca stands there twice: "
		    "put all certificates into one file" },
		{ COMPANY "[trust]\nlist = trust.note\n", 7, "list", "whose list? `signer = KEY` once "
		    "for each whose word counts" },
		{ COMPANY "[trust]\nthreshold = 0\n", 7, "threshold",
		    "expected a number from 1 to 16, found \"0\"" },
		{ COMPANY "[log]\nvkey = p\n", 7, "vkey", "whose log? expected it under [log "
		    "ISSUER], such as [log did:web:supplier.example]" },
		{ COMPANY "[log]\npolicy = p\n", 7, "policy", "witnesses are of a log: `dir = …` under "
		    "[log] says which; a supplier's stands under [log ISSUER]" },
		{ COMPANY "[log did:web:s]\ndir = d\n", 7, "dir",
		    "expected [log], found [log did:web:s]" },
		{ COMPANY "[log did:web:s]\nvkey = x\n", 7, "vkey", NULL },
		{ COMPANY "[proofs]\n88.1 = f\n", 7, "88.1", "no registry of 88.1 stands under "
		    "[upstream]; nodes hand out proofs themselves" },
		{ COMPANY "colour = red\n", 6, "colour", "key colour is not known in [company]" },
		{ COMPANY "[read]\nhello\n", 7, "", NULL },
		{ COMPANY "[output]\nfiles = maybe\n", 7, "files",
		    "expected yes or no, found \"maybe\"" },
		{ COMPANY "[output]\ngroup = 0\n", 7, "group",
		    "expected a number from 1 to 1000000, found \"0\"" },
		{ COMPANY "[output]\ngroup = 18446744073709551617\n", 7, "group", NULL },
		{ COMPANY "[output]\ngroup = \n", 7, "group", NULL },
		{ COMPANY "[output x]\nregistry = r\n", 6, "output x",
		    "expected [output], found [output x]" },
	};
	struct tj_arena *arena = tj_arena_new(1 << 20);

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct tj_workspace ws = { .name = TJ_S("untouched") };
		struct tj_err err = { 0 };

		assert_rc(TJ_E_CONFIG, read_conf(&ws, bad[i].conf, arena, &err), &err);
		assert_int_equal(err.line, bad[i].line);
		assert_string_equal(err.field, bad[i].field);
		assert_non_null(strstr(err.file, "/tanji.conf"));
		if (bad[i].text != NULL)
			assert_string_equal(err.text, bad[i].text);
		assert_str("untouched", ws.name);
	}
	tj_arena_free(arena);
}

static void
a_folder_without_a_configuration_says_what_to_do(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { 0 };
	struct tj_workspace ws;

	(void)state;
	assert_rc(TJ_E_NOINPUT, tj_workspace_read(&ws, "/nowhere", arena, &err), &err);
	assert_string_equal(err.text,
	    "no /nowhere/tanji.conf here; `tanji init /nowhere` writes one");
	assert_int_equal(tj_workspace_read(&ws, "/nowhere", arena, NULL), TJ_E_NOINPUT);
	tj_arena_free(arena);
}

static void
an_error_that_was_looked_past_is_none_of_this(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_err err = { .rc = TJ_E_DATA };
	struct tj_workspace ws;

	(void)state;
	assert_ok(read_conf(&ws, COMPANY, arena, &err), &err);
	tj_arena_free(arena);
}

static enum tj_rc
read_once(const char *dir)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	struct tj_workspace ws;
	enum tj_rc rc = arena == NULL ? TJ_E_NOMEM : tj_workspace_read(&ws, dir, arena, NULL);

	tj_arena_free(arena);
	return rc;
}

static void
memory_may_run_out(void **state)
{
	const char *root = getenv("TJ_SOURCE_DIR");
	char dir[4096];

	(void)state;
	(void)snprintf(dir, sizeof(dir), "%s/samples/tyre", root == NULL ? "." : root);
	OOM_LOOP(read_once(dir));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_is_left_out_has_its_usual_place),
		test(every_section_is_read_in_its_order),
		test(logs_of_suppliers_are_named_by_their_issuers),
		test(what_is_wrong_is_said_with_file_line_and_key),
		test(a_folder_without_a_configuration_says_what_to_do),
		test(an_error_that_was_looked_past_is_none_of_this),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
