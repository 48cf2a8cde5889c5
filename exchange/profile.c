#include "exchange/builtin.h"
#include "exchange/cell.h"
#include "exchange/conf.h"
#include "exchange/profile.h"

static const struct tj_conf_key known[] = {
	{ "profile", "id", TJ_CONF_REQUIRED },
	{ "profile", "title", TJ_CONF_REQUIRED },
	{ "profile", "version", TJ_CONF_REQUIRED },
	{ "profile", "source", TJ_CONF_REQUIRED },
	{ "gwp", "set", TJ_CONF_REQUIRED },
	{ "carbon", "co2_per_c", TJ_CONF_REQUIRED },
	{ "carbon", "tolerance", TJ_CONF_REQUIRED },
	{ "allocation", "order", TJ_CONF_REQUIRED },
	{ "allocation", "economic_ratio", TJ_CONF_REQUIRED },
	{ "class.slag", "rule", TJ_CONF_REQUIRED },
	{ "class.slag", "credit_kgco2e_per_mj", TJ_CONF_OPTIONAL },
	{ "class.slag", "substitute", TJ_CONF_OPTIONAL },
	{ "class.gas", "rule", TJ_CONF_REQUIRED },
	{ "class.gas", "credit_kgco2e_per_mj", TJ_CONF_OPTIONAL },
	{ "class.gas", "substitute", TJ_CONF_OPTIONAL },
	{ "class.scrap", "rule", TJ_CONF_REQUIRED },
	{ "class.scrap", "credit_kgco2e_per_mj", TJ_CONF_OPTIONAL },
	{ "class.scrap", "substitute", TJ_CONF_OPTIONAL },
	{ "class.heat", "rule", TJ_CONF_REQUIRED },
	{ "class.heat", "credit_kgco2e_per_mj", TJ_CONF_OPTIONAL },
	{ "class.heat", "substitute", TJ_CONF_OPTIONAL },
	{ "class.electricity", "rule", TJ_CONF_REQUIRED },
	{ "class.electricity", "credit_kgco2e_per_mj", TJ_CONF_OPTIONAL },
	{ "class.electricity", "substitute", TJ_CONF_OPTIONAL },
	{ "limits", "cut_off_share", TJ_CONF_REQUIRED },
	{ "limits", "mass_tolerance", TJ_CONF_REQUIRED },
	{ "limits", "factor_max_age_years", TJ_CONF_REQUIRED },
	{ "limits", "validity_months", TJ_CONF_REQUIRED },
	{ "quality", "scale", TJ_CONF_REQUIRED },
	{ "quality", "primary", TJ_CONF_REQUIRED },
	{ "rounding", "digits", TJ_CONF_REQUIRED },
	{ "rounding", "significant", TJ_CONF_REQUIRED },
	{ 0 }
};

/* Below, tj_conf_check() has seen that what is required is there. */

static enum tj_rc
read_text(tj_str *out, const struct tj_conf *conf, const char *section, const char *key,
    struct tj_err *err)
{
	const struct tj_conf_entry *entry = tj_conf_get(conf, section, key);

	if (entry->value.n == 0)
		return tj_conf_fail(conf, entry, err, "found nothing, expected a text");
	*out = entry->value;
	return TJ_OK;
}

static enum tj_rc
parse_number(double *out, const struct tj_conf *conf, const struct tj_conf_entry *entry,
    double least, double most, struct tj_err *err)
{
	double number;
	tj_dec exact;

	if (tj_dec_parse(&exact, entry->value, NULL) != TJ_OK ||
	    (number = tj_dec_double(exact)) < least || number > most)
		return tj_conf_fail(conf, entry, err,
		    "found \"%.*s\", expected a number from %g to %g",
		    TJ_FMT(tj_str_cut(entry->value, 0, 60)), least, most);
	*out = number;
	return TJ_OK;
}

static enum tj_rc
read_number(double *out, const struct tj_conf *conf, const char *section, const char *key,
    double least, double most, struct tj_err *err)
{
	return parse_number(out, conf, tj_conf_get(conf, section, key), least, most, err);
}

static enum tj_rc
read_whole(int *out, const struct tj_conf *conf, const char *section, const char *key,
    int least, int most, struct tj_err *err)
{
	double number = 0;

	TRY(read_number(&number, conf, section, key, least, most, err));
	if (number > (int)number)
		return tj_conf_fail(conf, tj_conf_get(conf, section, key), err,
		    "found %g, expected a whole number", number);
	*out = (int)number;
	return TJ_OK;
}

/* kg CO2 per kg C: "44/12" as the quotient itself, or a number near it. */
static enum tj_rc
read_co2_per_c(struct tj_profile *profile, const struct tj_conf *conf, struct tj_err *err)
{
	const struct tj_conf_entry *entry = tj_conf_get(conf, "carbon", "co2_per_c");

	profile->co2_per_c_text = entry->value;
	if (tj_str_eq(entry->value, TJ_S("44/12"))) {
		profile->co2_per_c = 44.0 / 12.0;
		return TJ_OK;
	}
	return parse_number(&profile->co2_per_c, conf, entry, 3.66, 3.67, err);
}

static enum tj_rc
read_order(struct tj_profile *profile, const struct tj_conf *conf, struct tj_err *err)
{
	const struct tj_conf_entry *entry = tj_conf_get(conf, "allocation", "order");
	tj_str rest = entry->value, word;
	bool used[TJ_SHARE_ECONOMIC + 1] = { false };
	enum tj_rule_of_share rule;

	while (tj_str_next(&word, &rest, ' ')) {
		if (word.n == 0)
			continue;
		if (!tj_share_parse(&rule, word) || rule == TJ_SHARE_GIVEN || used[rule])
			return tj_conf_fail(conf, entry, err, "found \"%.*s\", expected mass, "
			    "energy and economic, each at most once",
			    TJ_FMT(tj_str_cut(word, 0, 60)));
		used[rule] = true;
		profile->order[profile->order_count++] = rule;
	}
	if (profile->order_count == 0)
		return tj_conf_fail(conf, entry, err,
		    "found nothing, expected some of mass, energy, economic");
	return read_number(&profile->economic_ratio, conf, "allocation", "economic_ratio",
	    0, 1e6, err);
}

static enum tj_rc
read_rule(enum tj_class_rule *rule, const struct tj_conf *conf,
    const struct tj_conf_entry *entry, struct tj_err *err)
{
	static const char *const words[] = { "allocate", "free", "credit", "substitute" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (tj_str_eq(entry->value, tj_str_of(words[i]))) {
			*rule = (enum tj_class_rule)i;
			return TJ_OK;
		}
	return tj_conf_fail(conf, entry, err,
	    "found \"%.*s\", expected allocate, free, credit or substitute",
	    TJ_FMT(tj_str_cut(entry->value, 0, 60)));
}

/* A key that goes with one rule must be there with it, and only with it. */
static enum tj_rc
check_companion(const struct tj_conf *conf, const struct tj_conf_entry *rule,
    const struct tj_conf_entry *companion, bool wanted, const char *key,
    struct tj_err *err)
{
	if ((companion != NULL) == wanted)
		return TJ_OK;
	if (wanted)
		return tj_conf_fail(conf, rule, err, "this rule needs the key %s", key);
	return tj_conf_fail(conf, companion, err, "%s does not go with the rule %.*s", key,
	    TJ_FMT(rule->value));
}

static enum tj_rc
read_class(struct tj_profile *profile, enum tj_class class, const struct tj_conf *conf,
    struct tj_arena *arena, struct tj_err *err)
{
	const tj_str name = tj_str_fmt(arena, "class.%s", tj_class_key(class));
	const struct tj_conf_entry *rule, *credit, *substitute;
	enum tj_class_rule *to = &profile->classes[class].rule;

	if (name.p == NULL)
		return tj_fail_nomem(err);
	rule = tj_conf_get(conf, name.p, "rule");
	credit = tj_conf_get(conf, name.p, "credit_kgco2e_per_mj");
	substitute = tj_conf_get(conf, name.p, "substitute");
	TRY(read_rule(to, conf, rule, err));
	TRY(check_companion(conf, rule, credit, *to == TJ_CLASS_CREDIT,
	    "credit_kgco2e_per_mj", err));
	TRY(check_companion(conf, rule, substitute, *to == TJ_CLASS_SUBSTITUTE,
	    "substitute", err));
	if (credit != NULL)
		TRY(parse_number(&profile->classes[class].credit_kgco2e_per_mj, conf,
		    credit, 0, 10, err));
	if (substitute != NULL)
		TRY(read_text(&profile->classes[class].substitute, conf, name.p,
		    "substitute", err));
	return TJ_OK;
}

static enum tj_rc
read_quality(struct tj_profile *profile, const struct tj_conf *conf, struct tj_err *err)
{
	const struct tj_conf_entry *scale = tj_conf_get(conf, "quality", "scale");
	const struct tj_conf_entry *primary = tj_conf_get(conf, "quality", "primary");
	struct tj_err why;

	if (tj_dqr_parse(&profile->dqr_primary, primary->value, &why) != TJ_OK)
		return tj_conf_fail(conf, primary, err, "%s", why.text);
	profile->dqr_scale = profile->dqr_primary.scale;
	if (!tj_str_eq(scale->value, profile->dqr_scale == TJ_DQR_NONE ? TJ_S("none") :
	    tj_str_of(tj_dqr_scale_name(profile->dqr_scale))))
		return tj_conf_fail(conf, scale, err,
		    "expected pact3 with a primary rating of its own, or none with an empty one");
	return TJ_OK;
}

static enum tj_rc
read_head(struct tj_profile *profile, const struct tj_conf *conf, struct tj_err *err)
{
	const struct tj_conf_entry *gwp = tj_conf_get(conf, "gwp", "set");

	TRY(read_text(&profile->id, conf, "profile", "id", err));
	TRY(read_text(&profile->title, conf, "profile", "title", err));
	TRY(read_text(&profile->version, conf, "profile", "version", err));
	TRY(read_text(&profile->source, conf, "profile", "source", err));
	if (!tj_gwp_set_parse(&profile->gwp, gwp->value))
		return tj_conf_fail(conf, gwp, err, "expected AR4, AR5 or AR6");
	return TJ_OK;
}

static enum tj_rc
read_limits(struct tj_profile *profile, const struct tj_conf *conf, struct tj_err *err)
{
	TRY(read_number(&profile->carbon_tolerance, conf, "carbon", "tolerance", 0, 1, err));
	TRY(read_number(&profile->cut_off_share, conf, "limits", "cut_off_share", 0, 1, err));
	TRY(read_number(&profile->mass_tolerance, conf, "limits", "mass_tolerance", 0, 1, err));
	TRY(read_whole(&profile->factor_max_age_years, conf, "limits",
	    "factor_max_age_years", 0, 100, err));
	TRY(read_whole(&profile->validity_months, conf, "limits", "validity_months", 1, 120,
	    err));
	TRY(read_whole(&profile->digits, conf, "rounding", "digits", 0, 12, err));
	return read_whole(&profile->significant, conf, "rounding", "significant", 1, 15, err);
}

static enum tj_rc
read_rules(struct tj_profile *profile, const struct tj_conf *conf, struct tj_arena *arena,
    struct tj_err *err)
{
	TRY(read_co2_per_c(profile, conf, err));
	TRY(read_order(profile, conf, err));
	for (int class = TJ_CLASS_PRODUCT + 1; class < TJ_CLASSES; class++)
		TRY(read_class(profile, (enum tj_class)class, conf, arena, err));
	return TJ_OK;
}

enum tj_rc
tj_profile_read(struct tj_profile *out, tj_str file, tj_str text, struct tj_arena *arena,
    struct tj_err *err)
{
	struct tj_profile profile = { 0 };
	struct tj_conf conf;

	TRY(tj_conf_read(&conf, file, text, arena, err));
	TRY(tj_conf_check(&conf, known, arena, err));
	TRY(read_head(&profile, &conf, err));
	TRY(read_rules(&profile, &conf, arena, err));
	TRY(read_limits(&profile, &conf, err));
	TRY(read_quality(&profile, &conf, err));
	*out = profile;
	return TJ_OK;
}

static enum tj_rc
fail_unknown(tj_str id, struct tj_err *err)
{
	char names[TJ_ERR_TEXT / 2] = "";
	size_t n = 0;

	for (const struct tj_builtin *b = tj_builtins; b->kind != NULL; b++)
		if (strcmp(b->kind, "profiles") == 0 && n + strlen(b->name) + 2 < sizeof(names)) {
			names[n++] = ' ';
			memcpy(names + n, b->name, strlen(b->name) + 1);
			n += strlen(b->name);
		}
	return tj_fail(err, TJ_E_NOTFOUND, "no profile \"%.*s\" comes with the program; "
	    "there are:%s", TJ_FMT(tj_str_cut(id, 0, 60)), names);
}

enum tj_rc
tj_profile_builtin(struct tj_profile *profile, tj_str *text, tj_str id,
    struct tj_arena *arena, struct tj_err *err)
{
	const struct tj_builtin *builtin = tj_builtin_find("profiles", id);

	if (builtin == NULL)
		return fail_unknown(id, err);
	TRY(tj_profile_read(profile, tj_str_of(builtin->name), tj_builtin_text(builtin), arena,
	    err));
	if (text != NULL)
		*text = tj_builtin_text(builtin);
	return TJ_OK;
}
