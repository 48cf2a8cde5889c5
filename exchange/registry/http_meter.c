#include "exchange/registry/http_meter.h"

const char *const tj_meter_methods[TJ_METER_METHODS] = {
	"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "other"
};
const unsigned tj_meter_bucket_us[TJ_METER_BUCKETS] = {
	50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000,
	5000000
};

#define ADD(counter, n)	atomic_fetch_add_explicit((counter), (n), memory_order_relaxed)

static size_t
face_index(struct tj_http_meter *meter, const char *face)
{
	size_t i = 0;

	for (; i < TJ_METER_FACES - 1; i++) {
		const char *there = atomic_load(&meter->faces[i]);

		if ((there == NULL && atomic_compare_exchange_strong(&meter->faces[i], &there,
		    face)) || strcmp(there, face) == 0)
			break;
	}
	return i;
}

static size_t
method_index(tj_str method)
{
	size_t i = 0;

	while (i < TJ_METER_METHODS - 1 &&
	    !tj_str_eq(tj_str_of(tj_meter_methods[i]), method))
		i++;
	return i;
}

void
tj_http_meter_count(struct tj_http_meter *meter, const char *face, tj_str method,
    unsigned status, uint64_t us, uint64_t bytes_in, uint64_t bytes_out)
{
	size_t bucket = 0;

	while (bucket < TJ_METER_BUCKETS && us > tj_meter_bucket_us[bucket])
		bucket++;
	ADD(&meter->requests[face_index(meter, face)][method_index(method)]
	    [status < 600 ? status / 100 : 0], 1);
	ADD(&meter->within[bucket], 1);
	ADD(&meter->total_us, us);
	ADD(&meter->bytes_in, bytes_in);
	ADD(&meter->bytes_out, bytes_out);
}
