#include "engine/cli/native.h"

/* How many bytes at the start of `text` are of a set. */
static size_t
span(tj_str text, const char *set)
{
	size_t n = 0;

	while (n < text.n && strchr(set, text.p[n]) != NULL)
		n++;
	return n;
}

/* How much of "1.5e3kWh" is the number; an e without digits behind it begins a unit. */
static size_t
number_bytes(tj_str text)
{
	const size_t mantissa = span(text, "+-.0123456789");
	size_t exponent = 0;

	if (mantissa < text.n && (text.p[mantissa] == 'e' || text.p[mantissa] == 'E'))
		exponent = span(tj_str_cut(text, mantissa + 1, text.n), "+-0123456789");
	return exponent == 0 ? mantissa : mantissa + 1 + exponent;
}

enum tj_rc
tj_native_amount(struct tj_amount *out, const struct tj_graph *graph, uint32_t product,
    tj_str text, struct tj_err *err)
{
	const size_t end = number_bytes(text);
	const tj_str unit = tj_str_trim(tj_str_cut(text, end, text.n));
	struct tj_amount amount = { .text = tj_str_cut(text, 0, end),
	    .unit = graph->units[product] };
	tj_dec number;

	TRY(tj_dec_parse(&number, amount.text, err));
	if (unit.n > 0)
		TRY(tj_unit_parse(&amount.unit, unit, err));
	TRY(tj_graph_amount(&amount.in_own_unit, graph, product, tj_dec_double(number),
	    amount.unit, err));
	*out = amount;
	return TJ_OK;
}

enum tj_rc
tj_native_assess(struct tj_native *native, struct tj_cli *cli, const struct tj_args *args,
    const char *dir)
{
	const char *name = tj_args_value(args, "profile");
	const char *missing = tj_args_value(args, "missing");
	const struct tj_resolve_options resolve = { .at = cli->at,
	    .missing_zero = missing != NULL };
	tj_digest digest;

	tj_findings_init(&native->findings, cli->arena);
	if (missing != NULL && strcmp(missing, "zero") != 0)
		return tj_fail(&cli->err, TJ_E_USAGE, "--missing zero, not %s", missing);
	TRY(tj_load_profile(&native->profile, &digest,
	    tj_str_of(name == NULL ? "iso14067" : name), cli->arena, &cli->err));
	TRY(tj_load_book(&native->book, dir, cli->crew, &native->findings, cli->arena,
	    &cli->err));
	return tj_assess(&native->assessment, &native->book, &native->profile, &resolve,
	    cli->crew, &native->findings, cli->arena, &cli->err);
}
