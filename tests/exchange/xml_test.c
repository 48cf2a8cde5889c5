#include "exchange/xml.h"
#include "model/base/limits.h"
#include "tests/support/support.h"

static enum tj_rc
read_xml(const char *text, struct tj_err *err)
{
	struct tj_arena *arena = tj_arena_new(1 << 24);
	const struct tj_xml *root;
	enum tj_rc rc = TJ_E_NOMEM;

	if (arena != NULL)
		rc = tj_xml_read(&root, TJ_S("t.xml"), tj_str_of(text), arena, err);
	tj_arena_free(arena);
	return rc;
}

static void
elements_attributes_and_text_are_kept_with_their_line(void **state)
{
	struct tj_arena *arena = tj_arena_new(1 << 20);
	const struct tj_xml *root, *child;
	struct tj_err err;

	(void)state;
	assert_ok(tj_xml_read(&root, TJ_S("t.xml"), TJ_S("<?xml version=\"1.0\"?>\n"
	    "<a xmlns=\"urn:x\" one=\"1&lt;2&amp;&#38;#38;\"><!-- said -->\n <b/>\n"
	    " <c>two &amp; <![CDATA[<three>]]> &#x4e2d;</c>\n <b two=''/>tail</a>\n"),
	    arena, &err), &err);
	assert_str("a", root->name);
	assert_str("urn:x", root->space);
	assert_str("1<2&&#38;", tj_xml_attr(root, "one"));
	assert_null(tj_xml_attr(root, "two").p);
	assert_str("tail", root->text);
	child = tj_xml_child(root, NULL);
	assert_str("b", child->name);
	assert_int_equal(child->line, 3);
	child = tj_xml_next(child, NULL);
	assert_str("two & <three> 中", child->text);
	assert_ptr_equal(child->parent, root);
	child = tj_xml_next(tj_xml_child(root, "b"), "b");
	assert_int_equal(child->line, 5);
	assert_non_null(tj_xml_attr(child, "two").p);
	assert_null(tj_xml_next(child, NULL));
	assert_null(tj_xml_child(child, NULL));
	tj_arena_free(arena);
}

static void
what_could_reach_out_or_blow_up_is_refused(void **state)
{
	const char *billion_laughs =
	    "<!DOCTYPE a [<!ENTITY l0 \"ha\"><!ENTITY l1 \"&l0;&l0;&l0;&l0;\">"
	    "<!ENTITY l2 \"&l1;&l1;&l1;&l1;\">]><a>&l2;</a>";
	const char *const bad[] = {
		"<!DOCTYPE a><a/>",
		"<!DOCTYPE a SYSTEM \"http://127.0.0.1/x.dtd\"><a/>",
		"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
		billion_laughs,
		"<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1/p\"> %p;]><a/>",
		"<a>&undefined;</a>",
		"<a b=\"&undefined;\"/>",
		"<?xml-stylesheet href=\"x\"?><a/>",
		"<a><?php x ?></a>",
	};
	struct tj_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tj_err_clear(&err);
		assert_rc(TJ_E_DATA, read_xml(bad[i], &err), &err);
		assert_string_equal(err.file, "t.xml");
		assert_int_equal(err.line, 1);
	}
	assert_rc(TJ_E_DATA, read_xml(billion_laughs, &err), &err);
	assert_non_null(strstr(err.text, "DOCTYPE"));
}

static void
what_is_not_well_formed_is_refused_with_its_line(void **state)
{
	static const char *const bad[] = {
		"\n<a>", "\n<a></b>", "\n<a b=1/>", "\n<a/><b/>", "\n<a>\xff</a>", "\n<a", "\nx",
		"\n<a b='1' b='2'/>", "\n<a>&#0;</a>", "\n<a>text", "\n<x:a/>", "\n<a/>x",
	};
	struct tj_err err;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		tj_err_clear(&err);
		assert_rc(TJ_E_DATA, read_xml(bad[i], &err), &err);
		if (err.line != 2)
			fail_msg("%s: line %u: %s", bad[i], err.line, err.text);
	}
	assert_rc(TJ_E_DATA, read_xml("", &err), &err);
}

static void
depth_and_size_have_ceilings(void **state)
{
	char deep[4 * TJ_MAX_XML_DEPTH + 8] = "";
	const tj_str huge = { "", TJ_MAX_DOC_BYTES + 1 };
	const struct tj_xml *root;
	struct tj_err err;

	(void)state;
	for (size_t i = 0; i < TJ_MAX_XML_DEPTH; i++)
		memcpy(deep + 3 * i, "<a>", 4);
	assert_rc(TJ_E_DATA, read_xml(deep, &err), &err);
	memcpy(deep + 3 * TJ_MAX_XML_DEPTH, "<a>", 4);
	assert_rc(TJ_E_LIMIT, read_xml(deep, &err), &err);
	assert_rc(TJ_E_LIMIT, tj_xml_read(&root, TJ_S("t"), huge, NULL, &err), &err);
}

static void
memory_may_run_out(void **state)
{
	(void)state;
	OOM_LOOP(read_xml("<a b=\"c\"><d>text &amp; more</d><d/></a>", NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		test(elements_attributes_and_text_are_kept_with_their_line),
		test(what_could_reach_out_or_blow_up_is_refused),
		test(what_is_not_well_formed_is_refused_with_its_line),
		test(depth_and_size_have_ceilings),
		test(memory_may_run_out),
	};

	return RUN(tests);
}
