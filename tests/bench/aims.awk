# aims.awk: results.csv beside what is aimed at, and by how much it is missed.
{
	value[$1, $2] = $3
}

function has(graph, name) {
	return ((graph, name) in value)
}

function line(aim, wanted, got, verdict) {
	print "| " aim " | " wanted " | " got " | " verdict " |"
}

# Smaller is better.
function most(aim, limit, unit, got, known) {
	if (!known)
		line(aim, "<= " limit unit, "-", "not measured")
	else
		line(aim, "<= " limit unit, sprintf("%.3g%s", got, unit), got <= limit ? "met" : \
			sprintf("missed: %.2f times as much", got / limit))
}

# Larger is better; `bound` stands before it where only that is known.
function least(aim, limit, unit, got, known, bound) {
	if (!known)
		line(aim, ">= " limit unit, "-", "not measured")
	else
		line(aim, ">= " limit unit, sprintf("%s%.3g%s", bound, got, unit), got >= limit ? \
			"met" : sprintf("missed: %.2f of it", got / limit))
}

function get(graph, name) {
	return has(graph, name) ? value[graph, name] : 0
}

# Where KLU gave up on a smaller graph of the kind it was not tried on this one.
function against_klu(aim, limit, graph, smaller,    own, gave_up, known, theirs) {
	own = get(graph, "plan_2t") + get(graph, "amounts_2t") + get(graph, "sweep_1_plain_2t")
	gave_up = get(graph, "klu_gave_up_after_s")
	if (!gave_up && !has(graph, "klu_solve"))
		gave_up = get(smaller, "klu_gave_up_after_s")
	known = has(graph, "sweep_1_plain_2t") && (gave_up || has(graph, "klu_solve"))
	theirs = gave_up ? 1000 * gave_up : get(graph, "klu_symbolic") + \
		get(graph, "klu_numeric") + get(graph, "klu_solve")
	least(aim, limit, " times", known ? theirs / own : 0, known, gave_up ? "> " : "")
}

END {
	m = "1000000/none"
	print ""
	print "| aim | wanted | measured | |"
	print "|---|---|---|---|"
	most("sweep, 10^6, no loop, two threads: of the bandwidth limit", 1.5, " x",
		get(m, "ratio_1_plain_2t"), has(m, "ratio_1_plain_2t"))
	most("sweep, 10^7, no loop, two threads", 3, " x", get("10000000/none", "ratio_1_plain_2t"),
		has("10000000/none", "ratio_1_plain_2t"))
	most("sweep, 10^6, a loop of 10 %, two threads", 6, " x", get("1000000/10%", "ratio_1_plain_2t"),
		has("1000000/10%", "ratio_1_plain_2t"))
	against_klu("plan and sweep faster than KLU, 10^6, no loop", 6, m,
		"100000/none")
	against_klu("plan and sweep faster than KLU, 10^6, a loop of 10 %", 8, "1000000/10%",
		"100000/10%")
	known = has(m, "gmres_next_demand") && has(m, "sweep_1_plain_2t")
	least("next run with a kept plan, all products, faster than the next demand by GMRES, 10^6",
		80, " times", known ? get(m, "gmres_next_demand") / (get(m, "amounts_2t") + \
		get(m, "sweep_1_plain_2t")) : 0, known, "")
	most("one product upstream, 10^6, no loop", 1.5, " ms", get(m, "supply_median"),
		has(m, "supply_median"))
	known = has(m, "sweep_24_plain_1t")
	most("24 lanes: of one, 10^6, no loop", 9, " x", known ? get(m, "sweep_24_plain_1t") / \
		get(m, "sweep_1_plain_1t") : 0, known)
	split("1000000/10%,1000000/10% gain 0.99,1000000/10% gain 0.999,1000000/10% gain 0.9999", g, ",")
	split("0.9,0.99,0.999,0.9999", gain, ",")
	for (i = 1; i <= 4; i++)
		most("a loop of 10^5, gain " gain[i], 100, " ms", get(g[i], "loop_2t"),
			has(g[i], "loop_2t"))
	most("update of an ordinary node, 10^6", 30, " us", 1000 * get(m, "update_ordinary"),
		has(m, "update_ordinary"))
	known = has(m, "read")
	least("lines of CSV read a second, 10^6 nodes", 5, " M", known ? get(m, "rows") / \
		get(m, "read") / 1000 : 0, known, "")
	most("memory an edge at peak, 10^6, files, plan and all", 80, " B",
		get(m, "peak_bytes_per_edge"), has(m, "peak_bytes_per_edge"))
}
