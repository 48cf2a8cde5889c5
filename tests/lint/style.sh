#!/bin/sh
# style.sh ROOT: what the eye trips over.  Lines within 100 columns (a tab goes to the
# next multiple of eight; a comment behind and the texts of tests may reach 128, tables
# are as wide as they must be), no blanks at their ends, no words left for later, no
# names of machines, scripts that parse.
set -u
cd "$1" || exit 2
bad=0

files() {
	find . \( -path ./.git -o -path './build*' -o -path '*/data' -o -path '*/seeds' \
		-o -path '*/out' -o -path '*/in' \) -prune -o -type f "$@" -print | sort
}
code() {
	files \( -name '*.c' -o -name '*.h' -o -name '*.def' -o -name '*.sh' \
		-o -name '*.cmake' -o -name CMakeLists.txt -o -name bootstrap \)
}
complain() {	# standard input, if any
	while IFS= read -r line; do
		[ -n "$line" ] || continue	# a here-document has a line even of nothing
		echo "$line"
		bad=1
	done
}

# One awk for all of them: a process for each line of this would take minutes.  Characters are
# counted, not bytes, of which a Chinese one has three.
found=$(code | tr '\n' '\0' | LC_ALL=C xargs -0 awk '
	function columns(line,    parts, n, at, i) {
		gsub(/[\200-\277]/, "", line)
		n = split(line, parts, "\t")
		for (i = 1; i < n; i++)
			at += length(parts[i]) + 8 - (at + length(parts[i])) % 8
		return at + length(parts[n])
	}
	/[ \t]$/ { print FILENAME ":" FNR ": blank at the end of the line" }
	FILENAME ~ /\.def$/ || length($0) + 7 * split($0, parts, "\t") <= 107 { next }
	columns($0) > 128 { print FILENAME ":" FNR ": over 128 columns" }
	{
		max = FILENAME ~ /^\.\/tests\/.*\.c$/ ? 128 : 100
		sub(/[ \t]*\/[*].*[*]\/[ \t]*\\*$/, "")
		if (columns($0) > max)
			print FILENAME ":" FNR ": over " max " columns"
	}')
complain <<EOF
$found
EOF
LC_ALL=C.UTF-8; export LC_ALL	# what Chinese files say is text
# The brackets keep this file from finding itself.
words='[T]ODO|[F]IXME|\b[X]XX\b|/[w]ork/|/[h]ome/|[d]eb\.debian\.org|[r]egistry\.npmjs|[p]ypi\.org'
found=$(files ! -name LICENSE | tr '\n' '\0' | xargs -0 grep -HnIE "$words")
complain <<EOF
$found
EOF
for script in bootstrap .ci/run $(files -name '*.sh'); do
	sh -n "$script" || bad=1
	if command -v shellcheck >/dev/null; then
		shellcheck -s sh -S error "$script" || bad=1
	fi
done
exit $bad
