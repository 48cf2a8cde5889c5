#include <math.h>

#include "engine/loop_passes.h"
#include "model/base/mem.h"

#define MOST_ITERATIONS	250

struct course {
	struct tj_krylov	*k;
	struct tj_krylov_lane	*lanes;
	size_t			 count;		/* feedback rows */
	double			 shift, tolerance;
	struct tj_each		 start;		/* r r in the beginning */
	struct tj_each		 rho;		/* shadow r */
	struct tj_each		 alpha, beta, omega;
	struct tj_each		 shadow_v, t_r, t_t, r_r;
	bool			 live[TJ_LANES_WIDE];
	unsigned		 live_count;
};

enum tj_rc
tj_krylov_init(struct tj_krylov *out, const struct tj_split *split, unsigned width,
    struct tj_err *err)
{
	const size_t whole = (size_t)split->n * width;
	const size_t part = (size_t)split->feedback_count * width;
	struct tj_krylov k = { .split = split, .width = width };

	k.block = tj_mem_calloc(whole + 6 * part + TJ_LANES_WIDE, sizeof(*k.z));
	if (k.block == NULL)
		return tj_fail_nomem(err);
	k.z = tj_lanes_align(k.block);
	k.c = k.z + whole;
	k.r = k.c + part;
	k.shadow = k.r + part;
	k.p = k.shadow + part;
	k.v = k.p + part;
	k.t = k.v + part;
	*out = k;
	return TJ_OK;
}

void
tj_krylov_fini(struct tj_krylov *k)
{
	tj_mem_free(k->block);
	*k = (struct tj_krylov){ 0 };
}

static void
clear(const struct course *s, double *vector, unsigned lane)
{
	for (size_t i = 0; i < s->count; i++)
		vector[i * s->k->width + lane] = 0;
}

/* Zeros from now on, whatever it has become. */
static void
end_lane(struct course *s, unsigned lane)
{
	struct tj_krylov *k = s->k;
	double *const used[] = { k->r, k->p, k->v, k->t };

	s->live[lane] = false;
	s->live_count--;
	s->alpha.of[lane] = s->beta.of[lane] = s->omega.of[lane] = 0;
	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		clear(s, used[i], lane);
	if (!(s->lanes[lane].left < 1)) {
		s->lanes[lane].left = 1;
		clear(s, k->c, lane);
	}
}

/* A lane that breaks down ends with what it has. */
static void
take(struct course *s, struct tj_each *out, unsigned lane, double value)
{
	out->of[lane] = value;
	if (!isfinite(value))
		end_lane(s, lane);
}

static void
begin(struct course *s)
{
	struct tj_krylov *k = s->k;
	const size_t bytes = s->count * k->width * sizeof(*k->c);

	memset(k->c, 0, bytes);
	memset(k->v, 0, bytes);
	memset(k->p, 0, bytes);
	memcpy(k->shadow, k->r, bytes);
	s->live_count = k->width;
	for (unsigned l = 0; l < k->width; l++) {
		double sum = 0;

		for (size_t i = 0; i < s->count; i++)
			sum += k->r[i * k->width + l] * k->r[i * k->width + l];
		s->rho.of[l] = s->start.of[l] = sum;
		s->live[l] = true;
		s->lanes[l] = (struct tj_krylov_lane){ .left = 1 };
		if (sum == 0)
			s->lanes[l].left = 0;
		if (!(sum > 0) || isinf(sum))
			end_lane(s, l);
	}
}

static void
iterate(struct course *s, unsigned width)
{
	tj_pass_first_half(&s->shadow_v, s->k, s->shift, &s->beta, &s->omega);
	for (unsigned l = 0; l < width; l++)
		if (s->live[l])
			take(s, &s->alpha, l, s->rho.of[l] / s->shadow_v.of[l]);
	tj_pass_second_half(&s->t_r, &s->t_t, s->k, s->shift, &s->alpha);
	for (unsigned l = 0; l < width; l++)	/* t is zero: the half step was all */
		if (s->live[l])
			take(s, &s->omega, l, s->t_t.of[l] > 0 ?
			    s->t_r.of[l] / s->t_t.of[l] : 0);
}

static void
conclude(struct course *s, unsigned width)
{
	const struct tj_each before = s->rho;

	tj_pass_step(&s->rho, &s->r_r, s->k, &s->alpha, &s->omega);
	for (unsigned l = 0; l < width; l++) {
		struct tj_krylov_lane *lane = &s->lanes[l];

		if (!s->live[l])
			continue;
		lane->iterations++;
		lane->left = sqrt(s->r_r.of[l] / s->start.of[l]);
		if (!(lane->left > s->tolerance))
			end_lane(s, l);
		else
			take(s, &s->beta, l, s->rho.of[l] * s->alpha.of[l] /
			    (before.of[l] * s->omega.of[l]));
	}
}

void
tj_krylov_solve(struct tj_krylov_lane *lanes, struct tj_krylov *k, double shift,
    double tolerance)
{
	struct course s = { .k = k, .lanes = lanes, .count = k->split->feedback_count,
	    .shift = shift, .tolerance = tolerance };

	begin(&s);
	for (unsigned i = 0; s.live_count > 0 && i < MOST_ITERATIONS; i++) {
		iterate(&s, k->width);
		conclude(&s, k->width);
	}
	for (unsigned l = 0; l < k->width; l++)
		if (s.live[l])
			end_lane(&s, l);
}
