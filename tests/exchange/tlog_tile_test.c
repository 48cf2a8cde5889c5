#include <stdio.h>

#include "exchange/note_line.h"
#include "exchange/tlog_tile.h"
#include "tests/exchange/tlog_sample.h"

static void
paths_are_those_of_the_specification(void **state)
{
	static const struct {
		tj_tile		 tile;
		const char	*path;
	} cases[] = {
		{ { 1234067, 0, 256 }, "tile/0/x001/x234/067" },
		{ { 0, 0, 256 }, "tile/0/000" }, { { 999, 63, 256 }, "tile/63/999" },
		{ { 1000, 1, 17 }, "tile/1/x001/000.p/17" },
		{ { 273, TJ_TILE_ENTRIES, 112 }, "tile/entries/273.p/112" },
		{ { UINT64_C(999999999999999999), TJ_TILE_ENTRIES, 255 },
		    "tile/entries/x999/x999/x999/x999/x999/999.p/255" },
	};
	char path[TJ_TILE_PATH];
	tj_tile tile;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_string_equal(tj_tile_path(path, cases[i].tile), cases[i].path);
		assert_true(tj_tile_parse(&tile, tj_str_of(path)));
		assert_true(tile.index == cases[i].tile.index && tile.level == cases[i].tile.level &&
		    tile.width == cases[i].tile.width);
	}
}

static void
no_other_path_is_a_tile(void **state)
{
	static const char *const bad[] = {
		"", "tile", "tile/", "tile/0", "tile/0/", "tile/0/00", "tile/0/0000", "tile/0/000/",
		"/tile/0/000", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/x000/000",
		"tile/0/001/002", "tile/0/x001", "tile/0/x001/", "tile/0/x01/002", "tile/0/000.p",
		"tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/01", "tile/0/000.p/256",
		"tile/0/000.p/1/", "tile/0/../000", "tile/0/000.p/../1", "tile/entries", "tile/x/000",
		"tile/0/%30%30%30", "tile/0/00\xc2\xb2", "tile/0/x999/x999/x999/x999/x999/x999/999",
		"tile/0/x999/x999/x999/x999/x999/x999/x999/999",
	};
	tj_tile tile = { .index = 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(tj_tile_parse(&tile, tj_str_of(bad[i])));
	assert_int_equal(tile.index, 7);
}

/* The example of the specification. */
static void
a_tree_of_70000_has_the_tiles_it_must_have(void **state)
{
	(void)state;
	assert_int_equal(tj_tile_width(0, 0, 70000), 256);
	assert_int_equal(tj_tile_width(0, 272, 70000), 256);
	assert_int_equal(tj_tile_width(0, 273, 70000), 112);
	assert_int_equal(tj_tile_width(TJ_TILE_ENTRIES, 273, 70000), 112);
	assert_int_equal(tj_tile_width(0, 274, 70000), 0);
	assert_int_equal(tj_tile_width(1, 0, 70000), 256);
	assert_int_equal(tj_tile_width(1, 1, 70000), 17);
	assert_int_equal(tj_tile_width(2, 0, 70000), 1);
	assert_int_equal(tj_tile_width(3, 0, 70000), 0);
	assert_int_equal(tj_tile_width(63, 0, UINT64_MAX), 0);
	assert_int_equal(tj_tile_width(0, 0, 256), 256);
	assert_int_equal(tj_tile_width(1, 0, 256), 1);
	assert_int_equal(tj_tile_width(0, 0, 0), 0);
}

static void
a_bundle_gives_back_its_entries(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	const tj_str large = { TJ_NEWN(arena, char, 65535), 65535 };
	const tj_str entries[] = { TJ_S("one"), TJ_S(""), large };
	struct tj_buf buf;
	tj_str rest, entry;

	(void)state;
	tj_buf_init(&buf, 1 << 20);
	for (size_t i = 0; i < 3; i++)
		tj_bundle_put(&buf, entries[i]);
	assert_false(buf.failed);
	rest = tj_buf_view(&buf);
	for (size_t i = 0; i < 3; i++) {
		assert_ok(tj_bundle_next(&entry, &rest, NULL), NULL);
		assert_true(tj_str_eq(entry, entries[i]));
	}
	assert_rc(TJ_E_DATA, tj_bundle_next(&entry, &rest, NULL), NULL);
	rest = tj_str_cut(tj_buf_view(&buf), 0, 4);
	assert_rc(TJ_E_DATA, tj_bundle_next(&entry, &rest, NULL), NULL);
	rest = TJ_S("\x01");
	assert_rc(TJ_E_DATA, tj_bundle_next(&entry, &rest, NULL), NULL);
	tj_buf_fini(&buf);
	tj_arena_free(arena);
}

/* Entries to leaves, leaves to the roots that tessera has signed at each size. */
static void
tesseras_tile_is_that_of_its_entries_and_heads(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 22);
	tj_str rest = tlog_data("tessera/tile/entries/000.p/15", arena), entry;
	struct tj_merkle_range range = { .size = 0 };
	tj_digest hashes[15], leaf;
	struct tj_sha256 *sha;

	(void)state;
	assert_ok(tj_sha256_new(&sha, NULL), NULL);
	assert_ok(tj_tile_read(hashes, (tj_tile){ 0, 0, 15 }, tlog_data("tessera/tile/0/000.p/15", arena),
	    NULL), NULL);
	for (unsigned i = 0; i < 15; i++) {
		char name[64], root[TJ_NOTE_HASH_TEXT];
		tj_digest made;

		assert_ok(tj_bundle_next(&entry, &rest, NULL), NULL);
		assert_ok(tj_merkle_leaf(&leaf, sha, entry, NULL), NULL);
		assert_true(tj_digest_eq(&leaf, &hashes[i]));
		assert_ok(tj_merkle_add(&range, sha, &leaf, NULL), NULL);
		assert_ok(tj_merkle_root(&made, &range, sha, NULL), NULL);
		(void)snprintf(name, sizeof(name), "tessera/checkpoint.%u", i + 1);
		/* Its third line, which note_test.c has seen signed. */
		assert_non_null(strstr(tlog_data(name, arena).p, tj_note_hash_text(root, &made)));
	}
	assert_int_equal(rest.n, 0);
	assert_rc(TJ_E_DATA, tj_tile_read(hashes, (tj_tile){ 0, 0, 14 },
	    tlog_data("tessera/tile/0/000.p/15", arena), NULL), NULL);
	tj_sha256_free(sha);
	tj_arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(paths_are_those_of_the_specification),
		test(no_other_path_is_a_tile),
		test(a_tree_of_70000_has_the_tiles_it_must_have),
		test(a_bundle_gives_back_its_entries),
		test(tesseras_tile_is_that_of_its_entries_and_heads),
	};

	return RUN(tests);
}
