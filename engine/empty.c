/* The layer has no files yet. */
typedef int tj_engine_empty;
