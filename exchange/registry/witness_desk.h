#ifndef TJ_REGISTRY_WITNESS_DESK_H
#define TJ_REGISTRY_WITNESS_DESK_H

#include "exchange/witness.h"
#include "model/base/date.h"

/* The port behind which a witness keeps its key and its records.  Called by many threads. */
struct tj_witness_desk {
	/* Answers the body of an add-checkpoint request; what must be kept is on the disk
	 * when it returns.  Fails, and then no cosignature may be given away. */
	enum tj_rc (*answer)(struct tj_witness_desk *, struct tj_witness_answer *,
	    tj_str request, tj_time, struct tj_arena *, struct tj_err *);
};

#endif
