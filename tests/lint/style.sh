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

# Characters, not bytes: Chinese texts would count three times.
LC_ALL=C.UTF-8; export LC_ALL
found=$(code | while IFS= read -r file; do
	case $file in *.def) ;; *)
		max=100
		case $file in ./tests/*.c) max=128 ;; esac
		expand "$file" | grep -nE '^.{129}' |
			sed "s|^\([0-9]*\):.*|$file:\1: over 128 columns|"
		expand "$file" | sed 's# */[*].*[*]/ *[\]*$##' |
			grep -nE "^.{$((max + 1))}" |
			sed "s|^\([0-9]*\):.*|$file:\1: over $max columns|" ;;
	esac
	grep -Hn '[[:blank:]]$' "$file" | sed 's/$/: blank at the end of the line/'
done)
complain <<EOF
$found
EOF
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
