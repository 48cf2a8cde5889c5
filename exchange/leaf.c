#include <stdio.h>

#include "exchange/leaf.h"
#include "exchange/note_line.h"
#include "exchange/sha256.h"

#define HEAD	"tanji-leaf/v1"

static const char *const keys[] = {
#define X(key) #key,
#include "exchange/leaf.def"
#undef X
};

const char *
tj_leaf_key(enum tj_leaf_kind kind)
{
	return keys[kind];
}

bool
tj_leaf_find(enum tj_leaf_kind *kind, tj_str key)
{
	for (size_t i = 0; i < TJ_LEAF_KINDS; i++)
		if (tj_str_eq(key, tj_str_of(keys[i]))) {
			*kind = (enum tj_leaf_kind)i;
			return true;
		}
	return false;
}

tj_str
tj_leaf_text(char text[TJ_LEAF_MOST], const tj_leaf *leaf)
{
	static const char digits[] = "0123456789abcdef";
	char hex[TJ_DIGEST_HEX], tag[2 * TJ_TAG_BYTES + 1] = "-";
	int n;

	for (size_t i = 0; i < TJ_TAG_BYTES && leaf->tag.is_set; i++) {
		tag[2 * i] = digits[leaf->tag.b[i] >> 4];
		tag[2 * i + 1] = digits[leaf->tag.b[i] & 15];
		tag[2 * i + 2] = '\0';
	}
	n = snprintf(text, TJ_LEAF_MOST, HEAD "\n%s\n%s\n%s\n", keys[leaf->kind],
	    tj_digest_hex(hex, &leaf->file), tag);
	return (tj_str){ text, (size_t)n };
}

static bool
tag_parse(tj_tag *tag, tj_str text)
{
	if (tj_str_eq(text, TJ_S("-")))
		return true;
	if (text.n != 2 * TJ_TAG_BYTES)
		return false;
	for (size_t i = 0; i < TJ_TAG_BYTES; i++) {
		const int high = tj_hex_digit(text.p[2 * i]);
		const int low = tj_hex_digit(text.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		tag->b[i] = (uint8_t)(high << 4 | low);
	}
	tag->is_set = true;
	return true;
}

/* What is read is written again: so upper-case digits are refused, and all else. */
enum tj_rc
tj_leaf_parse(tj_leaf *out, tj_str entry, struct tj_err *err)
{
	tj_str rest = entry, head, kind, file, tag;
	char text[TJ_LEAF_MOST];
	tj_leaf leaf = { 0 };

	if (!tj_note_line(&head, &rest) || !tj_note_line(&kind, &rest) ||
	    !tj_note_line(&file, &rest) || !tj_note_line(&tag, &rest) ||
	    !tj_leaf_find(&leaf.kind, kind) || !tj_digest_parse(&leaf.file, file) ||
	    !tag_parse(&leaf.tag, tag) || !tj_str_eq(entry, tj_leaf_text(text, &leaf)))
		return tj_fail(err, TJ_E_DATA, "not a leaf of the form " HEAD);
	*out = leaf;
	return TJ_OK;
}

enum tj_rc
tj_leaf_tag(tj_tag *out, tj_str key, tj_str product, tj_date start, tj_date end,
    struct tj_arena *arena, struct tj_err *err)
{
	char from[TJ_DATE_TEXT], to[TJ_DATE_TEXT];
	const tj_str message = tj_str_fmt(arena, "%.*s\n%s/%s\n", TJ_FMT(product),
	    tj_date_text(from, start), tj_date_text(to, end));
	tj_digest digest;

	if (message.p == NULL)
		return tj_fail_nomem(err);
	TRY(tj_hmac_sha256(&digest, key, message, err));
	memcpy(out->b, digest.b, TJ_TAG_BYTES);
	out->is_set = true;
	return TJ_OK;
}
