# table.awk: results.csv (graph,name,value) as one table, a graph a row.  Times in ms.
{
	if ($1 != "machine" && !($1 in seen)) {
		seen[$1] = 1
		graphs[++count] = $1
	}
	value[$1, $2] = $3
}

function get(graph, name) {
	return ((graph, name) in value) ? sprintf("%.3g", value[graph, name]) : "-"
}

# Two figures as "one/two".
function pair(graph, one, two) {
	return get(graph, one) "/" get(graph, two)
}

function klu(graph) {
	if ((graph, "klu_gave_up_after_s") in value)
		return ">" value[graph, "klu_gave_up_after_s"] "s"
	if (!((graph, "klu_solve") in value))
		return "-"
	return sprintf("%.3g", value[graph, "klu_symbolic"] + value[graph, "klu_numeric"] + \
		value[graph, "klu_solve"])
}

function other(graph, solver, name) {
	if ((graph, name) in value)
		return get(graph, name)
	if ((graph, solver "_gave_up_after_s") in value)
		return ">" value[graph, solver "_gave_up_after_s"] "s"
	return ((graph, solver "_status") in value) ? "breaks down" : "-"
}

END {
	print "Times in ms; a/b: with one and with two threads; x: of the time of reading rows, values and results once."
	print ""
	print "| nodes/loop | edges | plan | sweep, 1 lane | x | compensated | 32 lanes | x | compensated | largest loop |" \
		" update, ordinary | raw material | read | graph | allocate | solve files | one product upstream | B an edge, plan | B an edge, files |" \
		" KLU | SuperLU factor | GMRES, next demand | CGS, next demand |"
	print "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
	for (i = 1; i <= count; i++) {
		g = graphs[i]
		print "| " g " | " get(g, "edges") " | " pair(g, "plan_1t", "plan_2t") \
			" | " pair(g, "sweep_1_plain_1t", "sweep_1_plain_2t") \
			" | " pair(g, "ratio_1_plain_1t", "ratio_1_plain_2t") \
			" | " pair(g, "sweep_1_compensated_1t", "sweep_1_compensated_2t") \
			" | " pair(g, "sweep_32_plain_1t", "sweep_32_plain_2t") \
			" | " pair(g, "ratio_32_plain_1t", "ratio_32_plain_2t") \
			" | " pair(g, "sweep_32_compensated_1t", "sweep_32_compensated_2t") \
			" | " pair(g, "loop_1t", "loop_2t") \
			" | " get(g, "update_ordinary") " | " get(g, "update_raw_material") \
			" | " get(g, "read") " | " get(g, "graph") " | " get(g, "allocate") \
			" | " get(g, "solve_of_book") " | " get(g, "supply_median") \
			" | " get(g, "matrix_plan_bytes_per_edge") " | " get(g, "peak_bytes_per_edge") \
			" | " klu(g) " | " other(g, "superlu", "superlu_factor") \
			" | " other(g, "gmres", "gmres_next_demand") \
			" | " other(g, "cgs", "cgs_next_demand") " |"
	}
	if (count > 0)
		printf "\nMemory, GB/s, one and two threads: reading %s, triad %s.\n",
			pair(graphs[1], "read_gb_per_s_1t", "read_gb_per_s_2t"),
			pair(graphs[1], "triad_gb_per_s_1t", "triad_gb_per_s_2t")
}
