#include "exchange/registry/etag.h"

tj_str
tj_etag(const tj_digest *version, const tj_digest *declaration, struct tj_arena *arena)
{
	char *text = TJ_NEWN(arena, char, 2 * TJ_DIGEST_HEX + 3);
	size_t n = 0;

	if (text == NULL)
		return (tj_str){ NULL, 0 };
	text[n++] = '"';
	if (version != NULL)
		n += strlen(tj_digest_hex(text + n, version));
	if (declaration != NULL) {
		text[n++] = '-';
		n += strlen(tj_digest_hex(text + n, declaration));
	}
	text[n++] = '"';
	return (tj_str){ text, n };
}

bool
tj_etag_is_known(const struct tj_call *call, tj_str tag)
{
	return tj_call_header_has(call, "If-None-Match", tag) ||
	    tj_call_header_has(call, "If-None-Match", TJ_S("*"));
}

/* Does a tag of this header name this version, whatever stands behind it? */
static bool
names_version(const struct tj_call *call, const char *header, tj_str version)
{
	tj_str rest = tj_http_header(call->request, header), part;

	while (tj_str_next(&part, &rest, ',')) {
		part = tj_str_trim(part);
		if (tj_str_starts(part, TJ_S("W/")))
			part = tj_str_cut(part, 2, part.n);
		if (part.n < 2 || part.p[0] != '"' || part.p[part.n - 1] != '"')
			continue;
		part = tj_str_cut(part, 1, part.n - 2);
		if (tj_str_eq(tj_str_cut(part, 0, tj_str_find(part, '-')), version))
			return true;
	}
	return false;
}

enum tj_rc
tj_etag_check(struct tj_call *call, const struct tj_record *record)
{
	const tj_str any = TJ_S("*");
	char hex[TJ_DIGEST_HEX] = "";

	if (record != NULL)
		(void)tj_digest_hex(hex, &record->version);
	if (tj_http_header(call->request, "If-Match").p != NULL &&
	    !(record != NULL && tj_call_header_has(call, "If-Match", any)) &&
	    !names_version(call, "If-Match", tj_str_of(hex)))
		return record == NULL ?
		    tj_call_refuse_as(call, 412, TJ_HS_NOT_FOUND, "There is no such record") :
		    tj_call_refuse_as(call, 412, TJ_HS_VALUE_EXISTS,
		    "The record has changed since it was read");
	if (tj_http_header(call->request, "If-None-Match").p != NULL &&
	    ((record != NULL && tj_call_header_has(call, "If-None-Match", any)) ||
	    names_version(call, "If-None-Match", tj_str_of(hex))))
		return tj_call_refuse_as(call, 412, TJ_HS_EXISTS, "The record is there");
	return TJ_OK;
}
