#include "engine/cli/node_parent.h"
#include "engine/cli/secret.h"
#include "model/entity.h"

#define SECTION	"parent"

static enum tj_rc
as_read(struct tj_node_parent *parent, const struct tj_conf_folder *f)
{
	const struct tj_conf_entry *e = tj_conf_get(&f->conf, SECTION, "as");
	struct tj_err why = { 0 };

	if (tj_entity_check_item(TJ_ENTITY_nodeAdmin, e->value, &why) != TJ_OK)
		return tj_conf_fail(&f->conf, e, f->err, "%s", why.text);
	parent->as = tj_str_dup(e->value, f->arena).p;
	return parent->as == NULL ? tj_fail_nomem(f->err) : TJ_OK;
}

enum tj_rc
tj_node_parent_read(struct tj_node_parent *out, const struct tj_conf_folder *f)
{
	struct tj_node_parent parent = { .url = TJ_S("") };

	if (tj_conf_get(&f->conf, SECTION, "url") != NULL) {
		TRY(tj_conf_url(&parent.url, f, SECTION, "url", true));
		TRY(as_read(&parent, f));
		TRY(tj_conf_path(&parent.secret, f, SECTION, "secret"));
		TRY(tj_conf_path(&parent.ca, f, SECTION, "ca"));
		TRY(tj_conf_ranges(&parent.allowed, f, SECTION, "allow"));
	}
	*out = parent;
	return TJ_OK;
}

enum tj_rc
tj_node_parent_options(struct tj_remote_options *out, const struct tj_node_parent *parent,
    struct tj_arena *arena, struct tj_err *err)
{
	tj_str secret = TJ_S("");

	TRY(tj_secret_read(&secret, parent->secret, arena, err));
	*out = (struct tj_remote_options){ .url = parent->url, .as = parent->as,
	    .secret = secret.p, .ca = parent->ca, .allowed = parent->allowed.v,
	    .allowed_count = parent->allowed.n };
	return TJ_OK;
}
