#include "model/base/date.h"
#include "model/entity.h"

enum need { OPTIONAL, REQUIRED };

typedef enum tj_rc check(tj_str, struct tj_err *);
static check check_TEXT, check_INDUSTRY, check_REGION, check_POSTCODE, check_PHONE, check_EMAIL,
    check_URL, check_HOST, check_PORT, check_ADMIN, check_DATE, check_STATUS;
#define check_CREDIT_CODE tj_credit_code_check

static const struct {
	const char	*name;
	enum need	 need;
	check		*check;
	size_t		 max;		/* bytes */
	const char	*label[2];
} items[TJ_ENTITY_COUNT_] = {
#define X(name, need, form, max, en, zh) { #name, need, check_##form, max, { en, zh } },
#include "model/entity.def"
#undef X
};

const char *
tj_entity_name(enum tj_entity_item item)
{
	return items[item].name;
}

const char *
tj_entity_label(enum tj_entity_item item, enum tj_lang lang)
{
	return items[item].label[lang];
}

bool
tj_entity_is_required(enum tj_entity_item item)
{
	return items[item].need == REQUIRED;
}

enum tj_entity_item
tj_entity_find(tj_str name)
{
	unsigned item = 0;

	while (item < TJ_ENTITY_COUNT_ && !tj_str_eq(name, tj_str_of(items[item].name)))
		item++;
	return (enum tj_entity_item)item;
}

static bool
are_digits(tj_str s, size_t min, size_t max)
{
	for (size_t i = 0; i < s.n; i++)
		if (!tj_is_digit(s.p[i]))
			return false;
	return s.n >= min && s.n <= max;
}

static unsigned
number(tj_str digits)
{
	unsigned n = 0;

	for (size_t i = 0; i < digits.n; i++)
		n = n * 10 + (unsigned)(digits.p[i] - '0');
	return n;
}

#define EXPECTED(err, text, what)						\
	tj_fail((err), TJ_E_DATA, "expected " what ", found \"%.*s\"", TJ_FMT(text))

static enum tj_rc
check_TEXT(tj_str text, struct tj_err *err)
{
	if (tj_str_trim(text).n != text.n)
		return EXPECTED(err, text, "a text without blanks around it");
	return TJ_OK;
}

/* Section A to T, or division 01 to 97 and its groups and classes: A, 01, 011, 0111. */
static enum tj_rc
check_INDUSTRY(tj_str text, struct tj_err *err)
{
	const unsigned division = are_digits(text, 2, 4) ? number(tj_str_cut(text, 0, 2)) : 0;

	if (text.n == 1 && text.p[0] >= 'A' && text.p[0] <= 'T')
		return TJ_OK;
	if (division >= 1 && division <= 97)
		return TJ_OK;
	return EXPECTED(err, text, "a code of GB/T 4754-2017: A to T, or 01 to 97 with up to two "
	    "digits behind it");
}

/* The first two digits are a province's. */
static enum tj_rc
check_REGION(tj_str text, struct tj_err *err)
{
	static const char provinces[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 "
	    "45 46 50 51 52 53 54 61 62 63 64 65 71 81 82";
	tj_str rest = tj_str_of(provinces), province;

	if (are_digits(text, 6, 6))
		while (tj_str_next(&province, &rest, ' '))
			if (tj_str_eq(province, tj_str_cut(text, 0, 2)))
				return TJ_OK;
	return EXPECTED(err, text, "six digits of GB/T 2260, a province's first");
}

static enum tj_rc
check_POSTCODE(tj_str text, struct tj_err *err)
{
	return are_digits(text, 6, 6) ? TJ_OK : EXPECTED(err, text, "six digits");
}

static enum tj_rc
check_PHONE(tj_str text, struct tj_err *err)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (tj_is_digit(text.p[i]))
			digits++;
		else if (strchr("+-() ", text.p[i]) == NULL)
			return EXPECTED(err, text, "digits, blanks, +, -, ( and )");
	}
	return digits >= 5 ? TJ_OK : EXPECTED(err, text, "at least five digits");
}

/* Labels of letters, digits and hyphens between dots; an IPv6 address in its colons. */
static bool
is_host(tj_str text)
{
	const bool is_ipv6 = tj_str_find(text, ':') < text.n;
	tj_str rest = text, label;

	while (tj_str_next(&label, &rest, is_ipv6 ? ':' : '.')) {
		if (label.n == 0 ? !is_ipv6 : label.n > 63)
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (is_ipv6 ? tj_hex_digit(label.p[i]) < 0 && label.p[i] != '.' :
			    !tj_is_alnum(label.p[i]) && label.p[i] != '-')
				return false;
	}
	return text.n > 0;
}

static enum tj_rc
check_HOST(tj_str text, struct tj_err *err)
{
	return is_host(text) ? TJ_OK : EXPECTED(err, text, "a host's name or address, without "
	    "scheme, port or brackets");
}

static enum tj_rc
check_EMAIL(tj_str text, struct tj_err *err)
{
	const size_t at = tj_str_find(text, '@');
	const tj_str host = tj_str_cut(text, at + 1, text.n);

	if (at == 0 || at >= text.n || tj_str_find(text, ' ') < text.n || !is_host(host) ||
	    tj_str_find(host, '.') == host.n)
		return EXPECTED(err, text, "NAME@HOST");
	return TJ_OK;
}

static enum tj_rc
check_URL(tj_str text, struct tj_err *err)
{
	const tj_str secure = TJ_S("https://"), plain = TJ_S("http://");

	if (tj_str_find(text, ' ') < text.n ||
	    !((tj_str_starts(text, secure) && text.n > secure.n) ||
	    (tj_str_starts(text, plain) && text.n > plain.n)))
		return EXPECTED(err, text, "https://HOST/…");
	return TJ_OK;
}

static enum tj_rc
check_PORT(tj_str text, struct tj_err *err)
{
	if (!are_digits(text, 1, 5) || text.p[0] == '0' || number(text) > UINT16_MAX)
		return EXPECTED(err, text, "a port, 1 to 65535");
	return TJ_OK;
}

/* "300:88.101.0042/ADMIN": the index of a value and the handle it stands in. */
static enum tj_rc
check_ADMIN(tj_str text, struct tj_err *err)
{
	const size_t colon = tj_str_find(text, ':');
	const tj_str handle = tj_str_cut(text, colon + 1, text.n);
	const size_t slash = tj_str_find(handle, '/');

	if (colon == text.n || !are_digits(tj_str_cut(text, 0, colon), 1, 9) || slash == 0 ||
	    slash + 1 >= handle.n)
		return EXPECTED(err, text, "INDEX:PREFIX/NAME, such as 300:88.101.0042/ADMIN");
	return TJ_OK;
}

static enum tj_rc
check_DATE(tj_str text, struct tj_err *err)
{
	tj_date date;

	return tj_date_parse(&date, text, TJ_DATE_FULL) ? TJ_OK :
	    EXPECTED(err, text, "a day as 2026-10-01");
}

static enum tj_rc
check_STATUS(tj_str text, struct tj_err *err)
{
	static const char *const known[] = { "active", "suspended", "revoked" };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (tj_str_eq(text, tj_str_of(known[i])))
			return TJ_OK;
	return EXPECTED(err, text, "active, suspended or revoked");
}

enum tj_rc
tj_entity_check_item(enum tj_entity_item item, tj_str text, struct tj_err *err)
{
	if (text.n > items[item].max)
		return tj_fail(err, TJ_E_LIMIT, "%s (%s) of %zu bytes, at most %zu",
		    items[item].name, items[item].label[TJ_EN], text.n, items[item].max);
	if (!tj_str_is_utf8(text) || tj_str_control(text) < text.n)
		return tj_fail(err, TJ_E_DATA, "%s is not one line of UTF-8", items[item].name);
	return items[item].check(text, err);
}

static void
check_validity(const struct tj_entity *entity, tj_str file, struct tj_findings *findings)
{
	const tj_str to = entity->items[TJ_ENTITY_validTo];
	const tj_place place = { .file = file, .field = TJ_S("validTo") };
	tj_date from_day, to_day;

	if (tj_date_parse(&from_day, entity->items[TJ_ENTITY_validFrom], TJ_DATE_FULL) &&
	    tj_date_parse(&to_day, to, TJ_DATE_FULL) && to_day < from_day)
		tj_findings_add(findings, TJ_RULE_BAD_ITEM, place, TJ_S(""),
		    "%.*s is before validFrom", TJ_FMT(to));
}

void
tj_entity_check(const struct tj_entity *entity, tj_str file, struct tj_findings *findings)
{
	for (unsigned i = 0; i < TJ_ENTITY_COUNT_; i++) {
		const tj_place place = { .file = file, .field = tj_str_of(items[i].name) };
		struct tj_err err = { 0 };

		if (entity->items[i].n == 0) {
			if (items[i].need == REQUIRED)
				tj_findings_add(findings, TJ_RULE_BAD_ITEM, place, TJ_S(""),
				    "missing: %s", items[i].label[TJ_EN]);
			continue;
		}
		if (tj_entity_check_item((enum tj_entity_item)i, entity->items[i], &err) != TJ_OK)
			tj_findings_add_err(findings, TJ_RULE_BAD_ITEM, place, &err);
	}
	check_validity(entity, file, findings);
}
