#include <stdatomic.h>

#include "engine/cli/issue.h"
#include "engine/cli/progress.h"
#include "engine/cli/times.h"
#include "exchange/jws.h"
#include "model/base/limits.h"
#include "model/base/mem.h"

#define PART	64		/* declarations that one worker makes at a time */

/* What is timed; the workers do all of it side by side. */
enum work { CHECK, DECLARE, COMPARE, SIGN, WRITE, FILES, WORKS };
static const char *const work_names[WORKS] = {
	"check", "declare", "compare", "sign", "write", "files"
};

struct part {				/* of a group */
	struct tj_arena		*arena;	/* what is kept of it */
	enum tj_rc		 rc;
	struct tj_err		 err;
};

struct group {
	size_t			 first, n;	/* of the products */
	struct tj_publication	*v;		/* [n] */
	struct part		*parts;		/* [part_count(n)] */
	enum tj_rc		 rc;		/* of writing it */
	struct tj_err		 err;
};

struct worker {
	struct tj_supply	*supply;
	struct tj_arena		*scratch;
	struct tj_seconds	 took[WORKS];
};

struct issue {
	const struct tj_issuing	*what;
	struct worker		*workers;	/* [crew] */
	struct group		 groups[2];
	struct group		*made, *written;	/* in this round; written may be NULL */
	atomic_size_t		 failed;	/* the first part that did */
	atomic_size_t		 done;		/* declarations */
};

static size_t
part_count(size_t n)
{
	return (n + PART - 1) / PART;
}

static size_t
part_size(const struct group *group, size_t part)
{
	const size_t left = group->n - part * PART;

	return left < PART ? left : PART;
}

/* What is being made of one part of a group. */
struct making {
	const struct tj_issuing	*what;
	struct worker		*worker;
	const uint32_t		*products;	/* [n] */
	struct tj_publication	*v;		/* [n] */
	struct tj_declaration	*declarations;	/* [n] */
	tj_str			*payloads;	/* [n] */
	size_t			 n;
	struct tj_arena		*kept;
	struct tj_err		*err;
};

static enum tj_rc
declare(struct making *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct tj_declaration *decl = &m->declarations[i];

		TRY(tj_compute_declaration(decl, m->what->computed, m->products[i],
		    m->worker->supply, m->worker->scratch, m->err));
		if (m->what->slots != NULL)
			TRY(tj_slots_refs(&decl->status, m->what->slots, decl->product,
			    m->worker->scratch, m->err));
	}
	return TJ_OK;
}

/* What is unchanged has its JWS, which is of use where files are wanted. */
static enum tj_rc
keep(struct tj_publication *p, const struct making *m)
{
	const bool with_jws = p->state == TJ_PUBLISH_UNCHANGED && m->what->folder != NULL;
	struct tj_stored copy = {
		.product = tj_str_dup(p->stored.product, m->kept),
		.id = tj_str_dup(p->stored.id, m->kept),
		.jws = tj_str_dup(with_jws ? p->stored.jws : TJ_S(""), m->kept),
		.digest = p->stored.digest,
	};

	p->old_id = tj_str_dup(p->old_id, m->kept);
	if (copy.product.p == NULL || copy.id.p == NULL || copy.jws.p == NULL ||
	    p->old_id.p == NULL)
		return tj_fail_nomem(m->err);
	p->stored = copy;
	return TJ_OK;
}

static enum tj_rc
compare(struct making *m)
{
	for (size_t i = 0; i < m->n; i++) {
		TRY(tj_publish_compare(&m->v[i], &m->payloads[i], &m->declarations[i],
		    m->what->store, m->worker->scratch, m->err));
		TRY(keep(&m->v[i], m));
	}
	return TJ_OK;
}

static enum tj_rc
sign(struct making *m)
{
	for (size_t i = 0; i < m->n; i++) {
		struct tj_stored *stored = &m->v[i].stored;

		if (m->v[i].state == TJ_PUBLISH_UNCHANGED)
			continue;
		if (m->what->signer != NULL) {
			TRY(tj_jws_build(&stored->jws, &stored->digest, m->payloads[i],
			    m->what->signer, m->kept, m->err));
		} else if (m->what->why_not != NULL) {
			*m->err = *m->what->why_not;
			return m->err->rc;
		}
	}
	return TJ_OK;
}

/* Of what is unchanged, where its bytes are at hand: a proof is wanted beside its file. */
static enum tj_rc
leaves_make(struct making *m)
{
	for (size_t i = 0; i < m->n && m->what->leaves != NULL; i++)
		if (m->v[i].stored.jws.n > 0)
			TRY(tj_log_leaf_of(&m->v[i].leaf, m->what->leaves, m->v[i].stored.jws,
			    &m->declarations[i], m->worker->scratch, m->err));
	return TJ_OK;
}

static enum tj_rc
make(struct making *m)
{
	struct tj_seconds *took = m->worker->took, then = tj_times_of_thread();

	tj_arena_reset(m->worker->scratch);
	m->declarations = TJ_NEWN(m->worker->scratch, struct tj_declaration, m->n);
	m->payloads = TJ_NEWN(m->worker->scratch, tj_str, m->n);
	if (m->declarations == NULL || m->payloads == NULL)
		return tj_fail_nomem(m->err);
	TRY(declare(m));
	then = tj_times_since(&took[DECLARE], then);
	TRY(compare(m));
	then = tj_times_since(&took[COMPARE], then);
	TRY(sign(m));
	TRY(leaves_make(m));
	(void)tj_times_since(&took[SIGN], then);
	return TJ_OK;
}

/* Of several that fail the first counts, whoever was quicker. */
static void
fail_at(struct issue *issue, size_t part)
{
	size_t first = atomic_load(&issue->failed);

	while (part < first && !atomic_compare_exchange_weak(&issue->failed, &first, part))
		continue;
}

static void
make_part(struct issue *issue, size_t number, struct worker *worker)
{
	struct group *group = issue->made;
	struct part *part = &group->parts[number];
	struct making m = { .what = issue->what, .worker = worker,
	    .products = issue->what->products + group->first + number * PART,
	    .v = group->v + number * PART, .n = part_size(group, number),
	    .kept = part->arena, .err = &part->err };

	if (number > atomic_load(&issue->failed))
		return;
	tj_arena_reset(part->arena);
	if ((part->rc = make(&m)) != TJ_OK)
		fail_at(issue, number);
	atomic_fetch_add(&issue->done, m.n);
}

static void
write_group(struct issue *issue, struct worker *worker)
{
	struct group *group = issue->written;
	const struct tj_seconds then = tj_times_of_thread();

	group->rc = issue->what->signer == NULL ? TJ_OK :
	    tj_publish_put(group->v, group->n, issue->what->store, &group->err);
	(void)tj_times_since(&worker->took[WRITE], then);
}

/* The first part of a round is the writing of the group before: it takes longest. */
static void
work(void *ctx, size_t part, unsigned worker)
{
	struct issue *issue = ctx;

	if (worker == 0)
		tj_progress("issuing", atomic_load(&issue->done), issue->what->count);
	if (part > 0)
		make_part(issue, part - 1, &issue->workers[worker]);
	else if (issue->written != NULL)
		write_group(issue, &issue->workers[worker]);
}

static void
write_files(void *ctx, size_t number, unsigned worker)
{
	struct issue *issue = ctx;
	struct group *group = issue->written;
	struct part *part = &group->parts[number];
	const struct tj_seconds then = tj_times_of_thread();
	const struct tj_issuing *what = issue->what;

	part->rc = TJ_OK;
	for (size_t i = 0; i < part_size(group, number) && part->rc == TJ_OK; i++) {
		const struct tj_publication *p = &group->v[number * PART + i];

		part->rc = tj_publish_file(p, what->folder, part->arena, &part->err);
		if (part->rc == TJ_OK && what->gm != NULL)
			part->rc = tj_publish_sidecar(p, what->folder, what->gm, part->arena,
			    &part->err);
	}
	(void)tj_times_since(&issue->workers[worker].took[FILES], then);
}

static void
check_part(void *ctx, size_t number, unsigned worker)
{
	struct issue *issue = ctx;
	struct group *group = issue->made;
	struct part *part = &group->parts[number];
	const struct tj_issuing *what = issue->what;
	const struct tj_seconds then = tj_times_of_thread();

	if (number > atomic_load(&issue->failed))
		return;
	tj_arena_reset(part->arena);
	part->rc = TJ_OK;
	for (size_t i = 0; i < part_size(group, number) && part->rc == TJ_OK; i++)
		part->rc = tj_declare_check(&what->computed->assessment.solution,
		    what->products[group->first + number * PART + i], part->arena,
		    &part->err);
	if (part->rc != TJ_OK)
		fail_at(issue, number);
	(void)tj_times_since(&issue->workers[worker].took[CHECK], then);
}

static enum tj_rc
parts_rc(const struct group *group, struct tj_err *err)
{
	for (size_t i = 0; i < part_count(group->n); i++)
		if (group->parts[i].rc != TJ_OK) {
			if (err != NULL)
				*err = group->parts[i].err;
			return group->parts[i].rc;
		}
	return TJ_OK;
}

/* The next products into a group; none are left: it is empty. */
static void
group_begin(struct issue *issue, struct group *group, size_t first)
{
	const size_t left = issue->what->count - first;

	group->first = first;
	group->n = left < issue->what->group ? left : issue->what->group;
	issue->made = group;
}

static enum tj_rc
check_all(struct issue *issue, struct tj_err *err)
{
	for (size_t first = 0; first < issue->what->count; first += issue->what->group) {
		group_begin(issue, &issue->groups[0], first);
		tj_progress("checking", first, issue->what->count);
		tj_crew_run(issue->what->crew, check_part, issue,
		    part_count(issue->made->n));
		TRY(parts_rc(issue->made, err));
	}
	tj_progress_end();
	return TJ_OK;
}

/* After a round: what was written is durable. */
static enum tj_rc
finish(struct issue *issue, struct tj_err *err)
{
	const struct tj_issuing *what = issue->what;
	struct group *group = issue->written;

	if (group->rc != TJ_OK) {
		if (err != NULL)
			*err = group->err;
		return group->rc;
	}
	if (what->folder != NULL) {
		tj_crew_run(what->crew, write_files, issue, part_count(group->n));
		TRY(parts_rc(group, err));
	}
	return what->show(what->ctx, group->v, group->n);
}

static enum tj_rc
issue_all(struct issue *issue, struct tj_err *err)
{
	size_t first = 0;

	issue->written = NULL;
	for (size_t round = 0; first < issue->what->count || issue->written != NULL; round++) {
		group_begin(issue, &issue->groups[round % 2], first);
		first += issue->made->n;
		tj_crew_run(issue->what->crew, work, issue, 1 + part_count(issue->made->n));
		if (issue->written != NULL)
			TRY(finish(issue, err));
		TRY(parts_rc(issue->made, err));
		issue->written = issue->made->n > 0 ? issue->made : NULL;
	}
	tj_progress_end();
	return TJ_OK;
}

static enum tj_rc
group_alloc(struct group *group, const struct tj_issuing *what, struct tj_err *err)
{
	const size_t most = what->count < what->group ? what->count : what->group;

	group->v = tj_mem_calloc(most, sizeof(*group->v));
	group->parts = tj_mem_calloc(part_count(most), sizeof(*group->parts));
	if (group->v == NULL || group->parts == NULL)
		return tj_fail_nomem(err);
	for (size_t i = 0; i < part_count(most); i++)
		if ((group->parts[i].arena = tj_arena_new(TJ_MAX_ARENA_BYTES)) == NULL)
			return tj_fail_nomem(err);
	return TJ_OK;
}

static enum tj_rc
issue_alloc(struct issue *issue, const struct tj_issuing *what, struct tj_err *err)
{
	const unsigned size = tj_crew_size(what->crew);

	issue->what = what;
	atomic_store(&issue->failed, SIZE_MAX);
	if ((issue->workers = tj_mem_calloc(size, sizeof(*issue->workers))) == NULL)
		return tj_fail_nomem(err);
	for (unsigned i = 0; i < size; i++) {
		TRY(tj_supply_new(&issue->workers[i].supply,
		    &what->computed->assessment.solution, err));
		issue->workers[i].scratch = tj_arena_new(TJ_MAX_ARENA_BYTES);
		if (issue->workers[i].scratch == NULL)
			return tj_fail_nomem(err);
	}
	for (size_t i = 0; i < 2; i++)
		TRY(group_alloc(&issue->groups[i], what, err));
	return TJ_OK;
}

static void
issue_free(struct issue *issue)
{
	const size_t most = issue->what->count < issue->what->group ? issue->what->count
	    : issue->what->group;

	for (unsigned i = 0; issue->workers != NULL && i < tj_crew_size(issue->what->crew);
	    i++) {
		tj_supply_free(issue->workers[i].supply);
		tj_arena_free(issue->workers[i].scratch);
	}
	tj_mem_free(issue->workers);
	for (size_t g = 0; g < 2; g++) {
		for (size_t i = 0; issue->groups[g].parts != NULL && i < part_count(most); i++)
			tj_arena_free(issue->groups[g].parts[i].arena);
		tj_mem_free(issue->groups[g].parts);
		tj_mem_free(issue->groups[g].v);
	}
}

/* In the order of the products, so that it is the same with any number of threads; on the
 * disk before anything is signed. */
static enum tj_rc
slots_fill(const struct tj_issuing *what, struct tj_err *err)
{
	const struct tj_book *book = &what->computed->loaded.book;
	tj_ident ident;

	for (size_t i = 0; i < what->count; i++) {
		const struct tj_product *product = &book->products.v[what->products[i]];

		TRY(tj_ident_parse(&ident, product->id.n > 0 ? product->id : product->key,
		    what->slots->arena, err));
		TRY(tj_slots_add(what->slots, ident.canonical, err));
	}
	return what->signer == NULL ? TJ_OK : tj_slots_save(what->slots, err);
}

static void
times_tell(const struct issue *issue)
{
	struct tj_seconds sums[WORKS] = { { 0 } };

	for (unsigned i = 0; i < tj_crew_size(issue->what->crew); i++)
		for (size_t w = 0; w < WORKS; w++) {
			sums[w].wall += issue->workers[i].took[w].wall;
			sums[w].cpu += issue->workers[i].took[w].cpu;
		}
	tj_times_end_parts(work_names, sums, WORKS);
}

enum tj_rc
tj_issue(const struct tj_issuing *what, struct tj_err *err)
{
	struct issue issue = { .what = what };
	enum tj_rc rc;

	tj_times_begin("issue");
	rc = issue_alloc(&issue, what, err);
	if (rc == TJ_OK)
		rc = check_all(&issue, err);
	if (rc == TJ_OK && what->slots != NULL)
		rc = slots_fill(what, err);
	if (rc == TJ_OK)
		rc = issue_all(&issue, err);
	if (rc == TJ_OK)
		times_tell(&issue);
	issue_free(&issue);
	return rc;
}
