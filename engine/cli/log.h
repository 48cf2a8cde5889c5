#ifndef TJ_CLI_LOG_H
#define TJ_CLI_LOG_H

#include "connectors/tlog.h"
#include "engine/cli/note_key.h"
#include "engine/cli/opt.h"
#include "exchange/leaf.h"
#include "model/declaration.h"

/* What the actions of `tanji log` share.  Each is a file: log_<action>.c. */
enum tj_rc tj_cmd_log_append(struct tj_cli *, const struct tj_args *, const char *dir) TJ_MUST_USE;
enum tj_rc tj_cmd_log_prove(struct tj_cli *, const struct tj_args *, const char *dir) TJ_MUST_USE;
/* With --dir: of all that a company's registry holds, made and checked, nothing written. */
enum tj_rc tj_cmd_log_prove_all(struct tj_cli *, const struct tj_args *,
	    const char *dir) TJ_MUST_USE;
/* Its operands are files alone. */
enum tj_rc tj_cmd_log_verify(struct tj_cli *, const struct tj_args *, int *status) TJ_MUST_USE;
enum tj_rc tj_cmd_log_request(struct tj_cli *, const struct tj_args *, const char *dir) TJ_MUST_USE;
enum tj_rc tj_cmd_log_cosign(struct tj_cli *, const struct tj_args *, const char *dir) TJ_MUST_USE;
enum tj_rc tj_cmd_log_anchor(struct tj_cli *, const struct tj_args *, const char *dir) TJ_MUST_USE;
/* Of a log that is a folder or a URL. */
enum tj_rc tj_cmd_log_subjects(struct tj_cli *, const struct tj_args *, int *status) TJ_MUST_USE;

/* What a leaf is made of besides the file: --kind and --tag-key. */
struct tj_log_leaves {
	enum tj_leaf_kind	kind;
	tj_str			tag_key;	/* .p NULL: no tags */
};
enum tj_rc tj_log_leaves_read(struct tj_log_leaves *, struct tj_cli *,
	    const struct tj_args *) TJ_MUST_USE;
/* The same by the path of the tag key, or NULL. */
enum tj_rc tj_log_leaves_with(struct tj_log_leaves *, struct tj_cli *, enum tj_leaf_kind,
	    const char *tag_key) TJ_MUST_USE;
/* A declaration that is signed in a batch says so itself: its kind is another. */
enum tj_leaf_kind tj_log_kind(enum tj_leaf_kind, tj_str bytes);
/* The leaf of a file's bytes.  DATA: tags are asked for and it is no declaration. */
enum tj_rc tj_log_leaf(tj_leaf *, const struct tj_log_leaves *, tj_str bytes,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* Of a declaration's, which need not be read again. */
enum tj_rc tj_log_leaf_of(tj_leaf *, const struct tj_log_leaves *, tj_str bytes,
	    const struct tj_declaration *, struct tj_arena *, struct tj_err *) TJ_MUST_USE;

/* The public checkpoint, and a reader of the tree that it tells of. */
struct tj_log_view {
	tj_str			 bytes;
	struct tj_note		 note;
	struct tj_checkpoint	 checkpoint;
	struct tj_tlog_reader	*reader;
	struct tj_folder	*folder;	/* that the reader reads */
};
/* CORRUPT: the tiles do not give its root. */
enum tj_rc tj_log_view_open(struct tj_log_view *, struct tj_cli *, const char *dir) TJ_MUST_USE;
/* The same of its head, which may wait for witnesses and not be public yet. */
enum tj_rc tj_log_view_head(struct tj_log_view *, struct tj_cli *, const char *dir) TJ_MUST_USE;
/*
 * Of a log that lies here or is shown by a server (URL/checkpoint, URL/tile/…): the head must be
 * signed by the key beside the log or, where there are --vkey or --policy, by one of those.
 * REFUSED: it is not; USAGE: a URL and no key to believe.
 */
enum tj_rc tj_log_view_find(struct tj_log_view *, struct tj_cli *, const struct tj_args *,
	    const char *place) TJ_MUST_USE;
void	 tj_log_view_close(struct tj_log_view *);
/*
 * The proof of the leaf at this place, checked, as text.  A tag, which others cannot make, goes
 * with it.  CORRUPT: a tile within the log is damaged.
 */
enum tj_rc tj_log_prove(tj_str *proof, struct tj_log_view *, uint64_t place, const tj_leaf *,
	    struct tj_arena *, struct tj_err *) TJ_MUST_USE;

#endif
