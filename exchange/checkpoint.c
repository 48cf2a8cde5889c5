#include "exchange/checkpoint.h"

static enum tj_rc
check_extensions(tj_str rest, struct tj_err *err)
{
	tj_str line;

	while (tj_note_line(&line, &rest))
		if (line.n == 0)
			return tj_fail(err, TJ_E_DATA, "an empty line within the checkpoint");
	return rest.n == 0 ? TJ_OK :
	    tj_fail(err, TJ_E_DATA, "the checkpoint does not end with a newline");
}

enum tj_rc
tj_checkpoint_parse(struct tj_checkpoint *out, tj_str text, struct tj_err *err)
{
	struct tj_checkpoint checkpoint;
	tj_str rest = text, size, root;

	if (!tj_note_line(&checkpoint.origin, &rest) || !tj_note_line(&size, &rest) ||
	    !tj_note_line(&root, &rest))
		return tj_fail(err, TJ_E_DATA,
		    "a checkpoint has three lines: origin, size and root");
	if (checkpoint.origin.n == 0 || checkpoint.origin.n > TJ_MAX_IDENT_BYTES)
		return tj_fail(err, TJ_E_DATA, "the checkpoint's origin is %s",
		    checkpoint.origin.n == 0 ? "empty" : "too long");
	if (!tj_note_number(&checkpoint.size, size))
		return tj_fail(err, TJ_E_DATA, "the checkpoint's size is not a decimal without "
		    "leading zeros: %.*s", TJ_FMT(tj_str_cut(size, 0, 40)));
	if (checkpoint.size > TJ_MAX_LOG_LEAVES)
		return tj_fail(err, TJ_E_LIMIT, "a log of %llu leaves",
		    (unsigned long long)checkpoint.size);
	if (!tj_note_hash(&checkpoint.root, root))
		return tj_fail(err, TJ_E_DATA, "the checkpoint's root is not 32 bytes in "
		    "base64: %.*s", TJ_FMT(tj_str_cut(root, 0, 80)));
	TRY(check_extensions(rest, err));
	checkpoint.extensions = rest;
	*out = checkpoint;
	return TJ_OK;
}

enum tj_rc
tj_checkpoint_text(tj_str *out, const struct tj_checkpoint *checkpoint, struct tj_arena *arena,
    struct tj_err *err)
{
	char root[TJ_NOTE_HASH_TEXT];
	const tj_str text = tj_str_fmt(arena, "%.*s\n%llu\n%s\n", TJ_FMT(checkpoint->origin),
	    (unsigned long long)checkpoint->size, tj_note_hash_text(root, &checkpoint->root));

	if (text.p == NULL)
		return tj_fail_nomem(err);
	*out = text;
	return TJ_OK;
}

enum tj_rc
tj_checkpoint_read(struct tj_checkpoint *checkpoint, struct tj_note *note, tj_str bytes,
    struct tj_arena *arena, struct tj_err *err)
{
	struct tj_note parsed;

	TRY(tj_note_parse(&parsed, bytes, arena, err));
	TRY(tj_checkpoint_parse(checkpoint, parsed.text, err));
	*note = parsed;
	return TJ_OK;
}
