#include "connectors/url.h"
#include "engine/cli/node_place.h"
#include "engine/cli/secret.h"

static enum tj_rc
remote_read(struct tj_place *place, const struct tj_args *args)
{
	struct tj_cli *cli = place->cli;
	const char *secret = tj_args_value(args, "secret-file"), *allowed;
	struct tj_remote_options *o = &place->options;
	tj_str key;

	o->as = tj_args_value(args, "as");
	o->ca = tj_args_value(args, "ca");
	if (o->as == NULL || secret == NULL)
		return tj_fail(&cli->err, TJ_E_USAGE, "--node needs --as INDEX:HANDLE and "
		    "--secret-file FILE");
	TRY(tj_url_base(&o->url, tj_str_of(tj_args_value(args, "node")), &cli->err));
	if ((allowed = tj_args_value(args, "allow")) != NULL) {
		tj_range *range = TJ_NEW(cli->arena, tj_range);

		if (range == NULL)
			return tj_fail_nomem(&cli->err);
		TRY(tj_range_parse(range, tj_str_of(allowed), &cli->err));
		o->allowed = range;
		o->allowed_count = 1;
	}
	TRY(tj_secret_read(&key, secret, cli->arena, &cli->err));
	o->secret = key.p;
	return tj_remote_open(&place->remote, o, &cli->err);
}

enum tj_rc
tj_place_open(struct tj_place *place, struct tj_cli *cli, const struct tj_args *args,
    size_t operand)
{
	const char *dir = args->operand_count > operand ? args->operands[operand] : ".";

	*place = (struct tj_place){ .cli = cli };
	if (tj_args_has(args, "node"))
		return remote_read(place, args);
	TRY(tj_node_conf_read(&place->conf, dir, cli->arena, &cli->err));
	return tj_node_open(&place->registry, place->conf.registry, &cli->err);
}

void
tj_place_close(struct tj_place *place)
{
	tj_remote_close(place->remote);
	tj_node_close(&place->registry);
}

enum tj_rc
tj_place_get(struct tj_record *record, struct tj_place *place, tj_str handle)
{
	struct tj_records *records = place->registry.records;
	struct tj_cli *cli = place->cli;

	return place->remote != NULL ?
	    tj_remote_get(record, place->remote, handle, cli->arena, &cli->err) :
	    records->get(records, record, handle, cli->arena, &cli->err);
}

/* In the folder. */
struct putting {
	tj_value_make	*make;
	void		*ctx;
	uint32_t	 at_s;
	bool		 written;
};

static enum tj_rc
put_edit(void *ctx, struct tj_record *out, const struct tj_record *old, struct tj_arena *arena,
    struct tj_err *err)
{
	const struct tj_value *before;
	struct putting *p = ctx;
	struct tj_value value;

	if (old == NULL)
		return tj_fail(err, TJ_E_NOTFOUND, "there is no such record here");
	TRY(p->make(p->ctx, &value, old, arena, err));
	before = tj_record_value(old, value.index);
	p->written = before == NULL || !tj_str_eq(before->data, value.data) ||
	    !tj_str_eq(before->type, value.type);
	if (!p->written) {
		*out = *old;
		return TJ_OK;
	}
	value.timestamp_s = p->at_s;
	return tj_record_with(out, old, &value, arena, err);
}

enum tj_rc
tj_place_put(bool *written, struct tj_place *place, tj_str handle, tj_value_make *make,
    void *ctx)
{
	struct tj_records *records = place->registry.records;
	struct tj_cli *cli = place->cli;
	struct putting p = { .make = make, .ctx = ctx, .at_s = (uint32_t)cli->at };
	struct tj_edit edit = { .handle = handle, .edit = put_edit, .ctx = &p };

	if (place->remote != NULL)
		return tj_remote_put_value(written, place->remote, handle, make, ctx, &cli->err);
	TRY(records->edit(records, &edit, 1, &cli->err));
	if (edit.rc != TJ_OK) {
		cli->err = edit.err;
		return edit.rc;
	}
	*written = p.written;
	return TJ_OK;
}
