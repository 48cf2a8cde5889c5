#include "exchange/crypto.h"
#include "exchange/entity_json.h"
#include "exchange/handle_data.h"
#include "exchange/handle_site.h"
#include "exchange/registration.h"
#include "model/base/limits.h"

#define ENTITY_TYPE	"TANJI.ENTITY"
#define REPORTED_TYPE	"TANJI.REPORTED"
#define SERVICE_TYPE	"HS_SERV"

/* What of a record is ours; the rest stays as it is. */
static const uint32_t ours[] = {
	TJ_REGISTRATION_SITE, TJ_REGISTRATION_SERVICE, TJ_REGISTRATION_ENTITY,
	TJ_REGISTRATION_REPORTED, TJ_REGISTRATION_ADMIN, TJ_REGISTRATION_KEY_ADMIN,
	TJ_REGISTRATION_KEY,
};

#define OURS	(sizeof(ours) / sizeof(ours[0]))

static tj_str
item(const struct tj_registration *r, enum tj_entity_item i)
{
	return r->entity.items[i];
}

bool
tj_registration_is_revoked(const struct tj_registration *r)
{
	return tj_str_eq(item(r, TJ_ENTITY_status), TJ_S("revoked"));
}

static void
need(const struct tj_registration *r, enum tj_entity_item i, const char *why, tj_str file,
    struct tj_findings *findings)
{
	const tj_place place = { .file = file, .field = tj_str_of(tj_entity_name(i)) };

	if (item(r, i).n == 0)
		tj_findings_add(findings, TJ_RULE_BAD_ITEM, place, TJ_S(""), "missing: %s, %s",
		    tj_entity_label(i, TJ_EN), why);
}

void
tj_registration_check(const struct tj_registration *r, tj_str file,
    struct tj_findings *findings)
{
	const tj_place key = { .file = file, .field = TJ_S("key") };

	if (r->service.n == 0) {
		need(r, TJ_ENTITY_nodeAddress, "where no service answers for the prefix", file,
		    findings);
		if (item(r, TJ_ENTITY_nodeHttpPort).n == 0)
			need(r, TJ_ENTITY_nodeHttpsPort, "where there is no HTTP port", file,
			    findings);
	}
	need(r, TJ_ENTITY_nodeAdmin, "who may change the registration", file, findings);
	if (r->key.n > 0 && r->key.n < TJ_MIN_REPORT_KEY)
		tj_findings_add(findings, TJ_RULE_BAD_ITEM, key, TJ_S(""),
		    "a key of %zu bytes, at least %d", r->key.n, TJ_MIN_REPORT_KEY);
}

/* Writing: values, in the order of their indexes. */

struct maker {
	struct tj_value	values[OURS];
	size_t		count;
	struct tj_arena	*arena;
	struct tj_err	*err;
};

static void
add(struct maker *m, uint32_t index, uint8_t permissions, const char *type, tj_str data)
{
	m->values[m->count++] = (struct tj_value){ .index = index, .ttl_s = TJ_VALUE_TTL_S,
	    .permissions = permissions, .type = tj_str_of(type), .data = data };
}

static enum tj_rc
add_buf(struct maker *m, uint32_t index, const char *type, struct tj_buf *buf)
{
	tj_str data;
	const enum tj_rc rc = tj_buf_done(&data, buf, m->arena, m->err);

	tj_buf_fini(buf);
	if (rc == TJ_OK)
		add(m, index, TJ_VALUE_PERMISSIONS, type, data);
	return rc;
}

static void
add_interface(struct tj_site_server *server, uint8_t protocol, tj_str port)
{
	uint32_t number = 0;

	for (size_t i = 0; i < port.n; i++)
		number = number * 10 + (uint32_t)(port.p[i] - '0');
	if (number > 0)
		server->interfaces[server->interface_count++] = (struct tj_site_interface){
		    .kind = TJ_SITE_ADMIN | TJ_SITE_QUERY, .protocol = protocol, .port = number };
}

static enum tj_rc
add_site(struct maker *m, const struct tj_registration *r)
{
	const tj_str address = item(r, TJ_ENTITY_nodeAddress);
	struct tj_site_interface interfaces[2];
	struct tj_site_server server = { .id = 1, .interfaces = interfaces };
	struct tj_site_attribute desc = { TJ_S("desc"), item(r, TJ_ENTITY_nodeName) };
	struct tj_site site = { .version = 1, .serial = 1, .protocol_major = 2,
	    .protocol_minor = 11, .flags = TJ_SITE_PRIMARY, .hash_option = 2,
	    .attributes = &desc, .attribute_count = 1, .servers = &server, .server_count = 1 };
	struct tj_buf buf;

	if (address.n == 0 || tj_registration_is_revoked(r))
		return TJ_OK;
	if (!tj_site_address(server.address, address)) {
		(void)tj_err_at(m->err, NULL, 0, 0, tj_entity_name(TJ_ENTITY_nodeAddress));
		return tj_fail(m->err, TJ_E_DATA, "\"%.*s\" is no IP address, and a site (HS_SITE) "
		    "holds no names", TJ_FMT(address));
	}
	add_interface(&server, TJ_SITE_HTTP, item(r, TJ_ENTITY_nodeHttpPort));
	add_interface(&server, TJ_SITE_HTTPS, item(r, TJ_ENTITY_nodeHttpsPort));
	tj_buf_init(&buf, TJ_MAX_DOC_BYTES);
	tj_site_write(&buf, &site);
	return add_buf(m, TJ_REGISTRATION_SITE, TJ_HS_SITE, &buf);
}

static enum tj_rc
add_admin(struct maker *m, uint32_t index, tj_str who)
{
	struct tj_handle_admin admin = { .rights = TJ_ALL_RIGHTS };
	struct tj_buf buf;

	TRY(tj_reference_parse(&admin.who, who, m->arena, m->err));
	tj_buf_init(&buf, TJ_MAX_DOC_BYTES);
	tj_handle_admin_write(&buf, &admin);
	return add_buf(m, index, TJ_HS_ADMIN, &buf);
}

static enum tj_rc
add_key(struct maker *m, const struct tj_registration *r)
{
	const tj_str who = tj_str_fmt(m->arena, "%u:0.NA/%.*s", TJ_REGISTRATION_KEY,
	    TJ_FMT(r->prefix.text));

	if (r->key.n == 0)
		return TJ_OK;
	if (who.p == NULL)
		return tj_fail_nomem(m->err);
	TRY(add_admin(m, TJ_REGISTRATION_KEY_ADMIN, who));
	add(m, TJ_REGISTRATION_KEY, TJ_ADMIN_WRITE, TJ_HS_SECKEY, r->key);
	return TJ_OK;
}

static enum tj_rc
make(struct maker *m, const struct tj_registration *r)
{
	tj_str json;

	TRY(add_site(m, r));
	if (r->service.n > 0 && !tj_registration_is_revoked(r))
		add(m, TJ_REGISTRATION_SERVICE, TJ_VALUE_PERMISSIONS, SERVICE_TYPE, r->service);
	TRY(tj_entity_write(&json, &r->entity, m->arena, m->err));
	add(m, TJ_REGISTRATION_ENTITY, TJ_VALUE_PERMISSIONS, ENTITY_TYPE, json);
	if (r->reported.n > 0)
		add(m, TJ_REGISTRATION_REPORTED, TJ_VALUE_PERMISSIONS, REPORTED_TYPE,
		    r->reported);
	TRY(add_admin(m, TJ_REGISTRATION_ADMIN, item(r, TJ_ENTITY_nodeAdmin)));
	return add_key(m, r);
}

static bool
is_ours(uint32_t index)
{
	for (size_t i = 0; i < OURS; i++)
		if (ours[i] == index)
			return true;
	return false;
}

/* Both in the order of their indexes, and so is what comes of it. */
static enum tj_rc
merge(struct tj_record *out, const struct maker *m, const struct tj_record *old)
{
	const size_t kept = old == NULL ? 0 : old->count;
	struct tj_value *values = TJ_NEWN(m->arena, struct tj_value, m->count + kept);
	size_t n = 0, next = 0;

	if (values == NULL)
		return tj_fail_nomem(m->err);
	for (size_t i = 0; i < kept; i++) {
		if (is_ours(old->values[i].index))
			continue;
		while (next < m->count && m->values[next].index < old->values[i].index)
			values[n++] = m->values[next++];
		values[n++] = old->values[i];
	}
	while (next < m->count)
		values[n++] = m->values[next++];
	out->values = values;
	out->count = n;
	return TJ_OK;
}

enum tj_rc
tj_registration_write(struct tj_record *out, const struct tj_registration *r,
    const struct tj_record *old, struct tj_arena *arena, struct tj_err *err)
{
	struct maker m = { .arena = arena, .err = err };
	struct tj_record record = { .handle = tj_prefix_handle(r->prefix.text, arena) };

	if (record.handle.p == NULL)
		return tj_fail_nomem(err);
	if (old != NULL)
		record.handle = old->handle;
	TRY(make(&m, r));
	TRY(merge(&record, &m, old));
	*out = record;
	return TJ_OK;
}

/* Reading. */

static tj_str
data_of(const struct tj_record *record, uint32_t index, const char *type)
{
	const struct tj_value *value = tj_record_value(record, index);

	return value != NULL && tj_str_eq_nocase(value->type, tj_str_of(type)) ? value->data :
	    TJ_S("");
}

enum tj_rc
tj_registration_read(struct tj_registration *out, const struct tj_record *record,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str json = data_of(record, TJ_REGISTRATION_ENTITY, ENTITY_TYPE);
	struct tj_registration r = {
		.service = data_of(record, TJ_REGISTRATION_SERVICE, SERVICE_TYPE),
		.reported = data_of(record, TJ_REGISTRATION_REPORTED, REPORTED_TYPE),
		.key = data_of(record, TJ_REGISTRATION_KEY, TJ_HS_SECKEY),
	};
	struct tj_findings findings;

	TRY(tj_prefix_parse(&r.prefix, record->handle, err));
	if (json.n == 0)
		return tj_fail(err, TJ_E_DATA, "%.*s says of no entity who answers for the prefix "
		    "(no " ENTITY_TYPE ")", TJ_FMT(record->handle));
	tj_findings_init(&findings, arena);
	TRY(tj_entity_read(&r.entity, record->handle, json, &findings, arena, err));
	TRY(tj_findings_check(&findings, err));
	*out = r;
	return TJ_OK;
}

/* Reporting. */

enum tj_rc
tj_registration_report(struct tj_record *out, const struct tj_record *record, tj_str reporter,
    struct tj_arena *arena, struct tj_err *err)
{
	static const uint32_t told[] = { TJ_REGISTRATION_SITE, TJ_REGISTRATION_SERVICE,
	    TJ_REGISTRATION_ENTITY };
	struct maker m = { .arena = arena, .err = err };
	struct tj_record report = { .handle = record->handle };

	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++) {
		const struct tj_value *value = tj_record_value(record, told[i]);

		if (value != NULL)
			add(&m, value->index, value->permissions, "", value->data);
		if (value != NULL)
			m.values[m.count - 1].type = value->type;
	}
	TRY(add_admin(&m, TJ_REGISTRATION_ADMIN, reporter));
	TRY(merge(&report, &m, NULL));
	*out = report;
	return TJ_OK;
}

static bool
is_same_value(const struct tj_value *a, const struct tj_value *b)
{
	return a->index == b->index && a->permissions == b->permissions &&
	    tj_str_eq_nocase(a->type, b->type) && tj_str_eq(a->data, b->data);
}

bool
tj_registration_same(const struct tj_record *a, const struct tj_record *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!is_same_value(&a->values[i], &b->values[i]))
			return false;
	return true;
}

enum tj_rc
tj_registration_receipt(tj_str *out, const struct tj_record *report, tj_str url,
    struct tj_arena *arena, struct tj_err *err)
{
	char hex[TJ_DIGEST_HEX];
	struct tj_buf buf;
	tj_digest digest;
	tj_str receipt;
	enum tj_rc rc;

	tj_buf_init(&buf, TJ_MAX_RECORD_BYTES);
	for (size_t i = 0; i < report->count; i++) {
		const struct tj_value *v = &report->values[i];

		tj_put_u32(&buf, v->index);
		tj_put_u8(&buf, v->permissions);
		tj_put_bytes(&buf, v->type);
		tj_put_bytes(&buf, v->data);
	}
	rc = buf.failed ? tj_fail_nomem(err) : tj_sha256(&digest, tj_buf_view(&buf), err);
	tj_buf_fini(&buf);
	TRY(rc);
	receipt = tj_str_fmt(arena, "%s %.*s", tj_digest_hex(hex, &digest), TJ_FMT(url));
	if (receipt.p == NULL)
		return tj_fail_nomem(err);
	*out = receipt;
	return TJ_OK;
}
