#ifndef TJ_CONNECTORS_LMDB_VAL_H
#define TJ_CONNECTORS_LMDB_VAL_H

#include <lmdb.h>

#include "model/base/str.h"

/* Bytes as LMDB takes them, and those it shows as ours. */
static inline MDB_val
tj_val(const void *bytes, size_t n)
{
	union { const void *in; void *out; } p = { bytes };	/* LMDB takes no const */

	return (MDB_val){ n, p.out };
}

static inline tj_str
tj_val_view(const MDB_val *v)
{
	return (tj_str){ v->mv_data, v->mv_size };
}

#endif
