#include <stdlib.h>

#include "connectors/file.h"
#include "connectors/tlog_check.h"
#include "engine/cli/log_subjects.h"
#include "exchange/crypto.h"
#include "exchange/format_vc.h"
#include "exchange/jws.h"

struct looking {
	struct tj_cli		*cli;
	struct tj_log_file	**files;	/* [file_count] by SHA-256, each once */
	size_t			 file_count;
	struct tj_log_subjects	 subjects;
};

/* The declarations at hand. */

static enum tj_rc
file_read(struct tj_log_file **out, struct tj_cli *cli, tj_str tag_key, const char *path)
{
	struct tj_log_file *file = TJ_NEW(cli->arena, struct tj_log_file);
	struct tj_jws jws;
	tj_str bytes;

	if (file == NULL)
		return tj_fail_nomem(&cli->err);
	file->path = path;
	TRY(tj_file_read(&bytes, path, TJ_MAX_JWS_BYTES, cli->arena, &cli->err));
	TRY(tj_sha256(&file->sha, bytes, &cli->err));
	if (tj_jws_parse(&jws, bytes, cli->arena, &cli->err) != TJ_OK ||
	    tj_vc_read(&file->decl, NULL, jws.payload, cli->arena, &cli->err) != TJ_OK)
		return tj_err_at(&cli->err, path, 0, 0, NULL);
	TRY(tj_leaf_tag(&file->tag, tag_key, file->decl.product, file->decl.period_start,
	    file->decl.period_end, cli->arena, &cli->err));
	*out = file;
	return TJ_OK;
}

static int
by_sha(const void *a, const void *b)
{
	const struct tj_log_file *const *x = a, *const *y = b;

	return memcmp((*x)->sha.b, (*y)->sha.b, TJ_DIGEST_BYTES);
}

static enum tj_rc
files_read(struct looking *l, const struct tj_args *args, tj_str tag_key)
{
	size_t n = args->operand_count - 2, kept = 0;

	l->files = TJ_NEWN(l->cli->arena, struct tj_log_file *, n);
	if (l->files == NULL)
		return tj_fail_nomem(&l->cli->err);
	for (size_t i = 0; i < n; i++)
		TRY(file_read(&l->files[i], l->cli, tag_key, args->operands[i + 2]));
	qsort(l->files, n, sizeof(struct tj_log_file *), by_sha);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || by_sha(&l->files[kept - 1], &l->files[i]) != 0)
			l->files[kept++] = l->files[i];
	l->file_count = kept;
	return TJ_OK;
}

static struct tj_log_file *
file_find(const struct looking *l, const tj_digest *sha)
{
	struct tj_log_file key = { .sha = *sha }, *wanted = &key, **found;

	found = bsearch(&wanted, l->files, l->file_count, sizeof(struct tj_log_file *), by_sha);
	return found == NULL ? NULL : *found;
}

/* What they are about. */

static int
by_tag(const void *a, const void *b)
{
	const struct tj_log_subject *x = a, *y = b;

	return memcmp(x->tag.b, y->tag.b, TJ_TAG_BYTES);
}

static int
by_tag_of_file(const void *a, const void *b)
{
	const struct tj_log_file *const *x = a, *const *y = b;
	const int order = memcmp((*x)->tag.b, (*y)->tag.b, TJ_TAG_BYTES);

	return order != 0 ? order : by_sha(a, b);
}

static enum tj_rc
subjects_make(struct looking *l)
{
	struct tj_arena *arena = l->cli->arena;
	struct tj_log_file **files = TJ_NEWN(arena, struct tj_log_file *, l->file_count);
	struct tj_log_subject *last = NULL;

	if (files == NULL)
		return tj_fail_nomem(&l->cli->err);
	memcpy(files, l->files, l->file_count * sizeof(struct tj_log_file *));
	qsort(files, l->file_count, sizeof(struct tj_log_file *), by_tag_of_file);
	for (size_t i = 0; i < l->file_count; i++) {
		const struct tj_log_subject fresh = { .tag = files[i]->tag,
		    .files = { &files[i], 0 } };

		if ((last == NULL || by_tag(last, &fresh) != 0) &&
		    !TJ_PUSH(arena, &l->subjects.list, fresh))
			return tj_fail_nomem(&l->cli->err);
		last = &l->subjects.list.v[l->subjects.list.n - 1];
		last->files.n++;
	}
	return TJ_OK;
}

/* An entry of the log.  Other kinds and other logs' entries are not looked at. */
static enum tj_rc
entry_look(void *ctx, uint64_t index, tj_str entry, struct tj_err *err)
{
	struct looking *l = ctx;
	struct tj_log_subject key = { .tag = { .is_set = true } }, *subject;
	struct tj_log_leaf_at at = { .index = index };
	struct tj_log_file *file;
	tj_leaf leaf;

	if (tj_leaf_parse(&leaf, entry, NULL) != TJ_OK || leaf.kind != TJ_LEAF_decl)
		return TJ_OK;
	at.sha = leaf.file;
	if ((at.file = file = file_find(l, &leaf.file)) != NULL) {
		file->index = file->is_logged ? file->index : index;
		file->is_logged = true;
		file->has_tag = file->has_tag || (leaf.tag.is_set &&
		    memcmp(leaf.tag.b, file->tag.b, TJ_TAG_BYTES) == 0);
	}
	key.tag = leaf.tag;
	if (!leaf.tag.is_set || (subject = bsearch(&key, l->subjects.list.v, l->subjects.list.n,
	    sizeof(key), by_tag)) == NULL)
		return TJ_OK;
	return TJ_PUSH(l->cli->arena, &subject->leaves, at) ? TJ_OK : tj_fail_nomem(err);
}

/* What follows. */

/* A correction says openly whose place it takes. */
static void
replaced_find(struct tj_log_subject *subject)
{
	for (size_t i = 0; i < subject->files.n; i++) {
		const struct tj_declaration *later = &subject->files.v[i]->decl;

		for (size_t r = 0; r < later->replaces.n; r++)
			for (size_t k = 0; k < subject->files.n; k++)
				if (tj_str_eq(subject->files.v[k]->decl.id, later->replaces.v[r]))
					subject->files.v[k]->replaced_by = subject->files.v[i];
	}
}

/* The same per whatever unit each is declared in? */
static bool
same_figure(const struct tj_declaration *a, const struct tj_declaration *b)
{
	tj_dec one, ratio, total;

	if (a->unit == b->unit)
		return tj_dec_cmp(a->total_kgco2e, b->total_kgco2e) == 0;
	return tj_dec_parse(&one, TJ_S("1"), NULL) == TJ_OK &&
	    tj_unit_convert(&ratio, one, a->unit, b->unit, NULL) == TJ_OK &&
	    tj_dec_mul(&total, b->total_kgco2e, ratio, NULL) == TJ_OK &&
	    tj_dec_cmp(a->total_kgco2e, total) == 0;
}

static void
judge(struct tj_log_subject *subject)
{
	const struct tj_log_file *first = NULL;

	replaced_find(subject);
	subject->finding = TJ_LOG_SINGLE;
	for (size_t i = 0; i < subject->leaves.n; i++)
		if (subject->leaves.v[i].file == NULL)
			subject->finding = TJ_LOG_UNSEEN;
	for (size_t i = 0; i < subject->files.n; i++)
		if (!subject->files.v[i]->has_tag)
			subject->finding = TJ_LOG_UNLOGGED;
	for (size_t i = 0; i < subject->files.n; i++) {
		const struct tj_log_file *file = subject->files.v[i];

		if (file->replaced_by != NULL)
			continue;
		if (first == NULL)
			first = file;
		else if (!same_figure(&first->decl, &file->decl))
			subject->finding = TJ_LOG_EQUIVOCATION;
	}
}

static enum tj_rc
look(struct looking *l, const struct tj_args *args)
{
	struct tj_cli *cli = l->cli;
	struct tj_log_view view;
	enum tj_rc rc;

	TRY(tj_log_view_find(&view, cli, args, args->operands[1]));
	rc = tj_tlog_check_each(view.reader, &view.checkpoint.root, entry_look, l, &cli->err);
	tj_log_view_close(&view);
	return rc;
}

enum tj_rc
tj_cmd_log_subjects(struct tj_cli *cli, const struct tj_args *args, int *status)
{
	struct looking l = { .cli = cli };
	struct tj_log_leaves leaves;

	if (args->operand_count < 3 || !tj_args_has(args, "tag-key"))
		return tj_fail(&cli->err, TJ_E_USAGE, "subjects wants declarations, and --tag-key "
		    "FILE, which who declared them hands over");
	TRY(tj_log_leaves_read(&leaves, cli, args));
	TRY(files_read(&l, args, leaves.tag_key));
	TRY(subjects_make(&l));
	TRY(look(&l, args));
	for (size_t i = 0; i < l.subjects.list.n; i++) {
		judge(&l.subjects.list.v[i]);
		if (l.subjects.list.v[i].finding != TJ_LOG_SINGLE)
			*status = tj_rc_exit(TJ_E_REFUSED);
	}
	return tj_log_subjects_show(cli, &l.subjects);
}
