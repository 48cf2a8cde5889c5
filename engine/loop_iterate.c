#include <math.h>

#include "engine/loop_iterate.h"
#include "engine/loop_passes.h"
#include "model/base/mem.h"

/* A round gains about as many digits as it is asked for, the members that are worst off
 * one less: two rounds are sixteen.  With 1e-8 most loops need a third. */
#define ROUND_TOLERANCE		1e-9
#define MOST_ROUNDS		8
/* A round without even this has no more to give. */
#define LEAST_PROGRESS		0.1
#define LAST_DIGIT		0x1p-53
/* Small x of large right sides may never settle; the others have by then. */
#define PATIENT_ROUNDS		4
#define LARGEST_RESIDUAL	1e-13

enum lane_state { RUNNING, SETTLED, FAILED };

struct lane {
	enum lane_state	state;
	double		worst, worst_before;	/* last change over x, of the member worst off */
	double		change, size;		/* largest change, largest x */
	double		rest;			/* largest residual */
	uint32_t	iterations;
};

struct rounds {
	const struct tj_split	*split;
	unsigned		 width;
	size_t			 size;		/* n * width */
	double			*block;
	double			*right, *x, *rest;	/* [n][width] */
	struct tj_krylov	 krylov;
	struct lane		 lanes[TJ_LANES_WIDE];
};

static enum tj_rc
rounds_init(struct rounds *r, const double *right, struct tj_err *err)
{
	TRY(tj_krylov_init(&r->krylov, r->split, r->width, err));
	r->block = tj_mem_calloc(3 * r->size + TJ_LANES_WIDE, sizeof(*r->block));
	if (r->block == NULL)
		return tj_fail_nomem(err);
	r->right = tj_lanes_align(r->block);
	r->x = r->right + r->size;
	r->rest = r->x + r->size;
	memcpy(r->right, right, r->size * sizeof(*right));
	memcpy(r->rest, right, r->size * sizeof(*right));
	for (unsigned l = 0; l < r->width; l++)
		r->lanes[l].worst = 1;
	return TJ_OK;
}

static void
rounds_fini(struct rounds *r)
{
	tj_krylov_fini(&r->krylov);
	tj_mem_free(r->block);
}

/* x += z, and by how much. */
static void
improve(struct rounds *r)
{
	const double *z = r->krylov.z;

	for (unsigned l = 0; l < r->width; l++) {
		struct lane *lane = &r->lanes[l];
		double worst = 0, change = 0, size = 0;

		for (size_t i = l; i < r->size; i += r->width) {
			const double by = fabs(z[i]);

			r->x[i] += z[i];
			change = fmax(change, by);
			size = fmax(size, fabs(r->x[i]));
			if (by > worst * fabs(r->x[i]))
				worst = by / fabs(r->x[i]);
		}
		lane->worst_before = lane->worst;
		lane->worst = worst;
		lane->change = change;
		lane->size = size;
	}
}

/*
 * What z leaves of the rest it was made for, whatever the iterations thought:
 * rest - (I - B) z, which is U z - c in the feedback rows and nothing elsewhere.
 */
static void
check(struct rounds *r)
{
	const struct tj_krylov *k = &r->krylov;
	const size_t size = (size_t)r->split->feedback_count * r->width;

	tj_pass_upper(k->r, r->split, k->z, r->width);
	for (unsigned l = 0; l < r->width; l++) {
		double rest = 0;

		for (size_t i = l; i < size; i += r->width)
			if (!(fabs(k->r[i] - k->c[i]) <= rest))
				rest = fabs(k->r[i] - k->c[i]);
		r->lanes[l].rest = rest;
	}
}

/* The next round would change x by as much less as this one did. */
static bool
is_settled(const struct lane *lane, unsigned round)
{
	return lane->rest <= LARGEST_RESIDUAL * lane->size &&
	    (lane->worst * (lane->worst / lane->worst_before) <= LAST_DIGIT ||
	    (round >= PATIENT_ROUNDS && lane->change <= LAST_DIGIT * lane->size));
}

static bool
judge(struct rounds *r, const struct tj_krylov_lane *had, unsigned round)
{
	bool running = false;

	for (unsigned l = 0; l < r->width; l++) {
		struct lane *lane = &r->lanes[l];

		lane->iterations += had[l].iterations;
		if (lane->state != RUNNING)
			continue;
		if (is_settled(lane, round))
			lane->state = SETTLED;
		else if (had[l].left > LEAST_PROGRESS || !isfinite(lane->size))
			lane->state = FAILED;
		running = running || lane->state == RUNNING;
	}
	return running;
}

/* What is left of the right sides; of lanes that have ended, nothing. */
static void
find_rest(struct rounds *r)
{
	tj_pass_residual(r->rest, r->split, r->right, r->x, r->width);
	for (unsigned l = 0; l < r->width; l++)
		for (size_t i = l; r->lanes[l].state != RUNNING && i < r->size; i += r->width)
			r->rest[i] = 0;
}

static void
play(struct rounds *r)
{
	struct tj_krylov_lane had[TJ_LANES_WIDE];
	bool running = true;

	for (unsigned round = 1; running && round <= MOST_ROUNDS; round++) {
		if (round > 1)
			find_rest(r);
		tj_pass_sweep(r->krylov.z, r->split, r->rest, NULL, r->width);
		tj_pass_upper(r->krylov.r, r->split, r->krylov.z, r->width);
		tj_krylov_solve(had, &r->krylov, 1, ROUND_TOLERANCE);
		tj_pass_sweep(r->krylov.z, r->split, r->rest, r->krylov.c, r->width);
		check(r);
		improve(r);
		running = judge(r, had, round);
	}
}

enum tj_rc
tj_loop_iterate(bool *solved, uint32_t *iterations, double *x, const struct tj_split *split,
    unsigned width, struct tj_err *err)
{
	struct rounds r = { .split = split, .width = width,
	    .size = (size_t)split->n * width };
	const enum tj_rc rc = rounds_init(&r, x, err);

	if (rc == TJ_OK) {
		play(&r);
		memcpy(x, r.x, r.size * sizeof(*x));
		*solved = true;
		*iterations = 0;
		for (unsigned l = 0; l < width; l++) {
			*solved = *solved && r.lanes[l].state == SETTLED;
			if (r.lanes[l].iterations > *iterations)
				*iterations = r.lanes[l].iterations;
		}
	}
	rounds_fini(&r);
	return rc;
}
