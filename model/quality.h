#ifndef TJ_MODEL_QUALITY_H
#define TJ_MODEL_QUALITY_H

#include "model/base/str.h"

/*
 * Data quality of one contribution.  Ratings of different scales are never
 * mixed or converted: PACT 2 rates 1-3 on five indicators, PACT 3 rates 1-5
 * on three (technology, time, geography; 1 is best).  Written "pact3:2/1/3".
 */
enum tj_dqr_scale { TJ_DQR_NONE, TJ_DQR_PACT3 };

typedef struct {
	enum tj_dqr_scale	scale;
	double			technology, time, geography;	/* 1..5 */
} tj_dqr;

const char *tj_dqr_scale_name(enum tj_dqr_scale);	/* "pact3" */
/* "" is TJ_DQR_NONE.  DATA: not a rating. */
enum tj_rc tj_dqr_parse(tj_dqr *, tj_str, struct tj_err *) TJ_MUST_USE;

#endif
