#!/bin/sh
# run.sh TANJI FOLDER: one text case, in a scratch copy of its folder.
#
#	cmd		arguments for tanji, as for a shell; or, if it begins with #!, a script
#			that finds the program in $TANJI
#	in/		whatever it reads
#	want.out	standard output, exactly; without it and want.near there must be none
#	want.near	"EXPRESSION = NUMBER": what jq finds in standard output, to 1e-9;
#			NUMBER may be any jq expression, such as a fraction
#	want.err	texts that standard error must hold, one a line
#	want.exit	exit status; without it 0
#	source		where the case comes from
set -u
TANJI=$1 case=$2
export TANJI NO_COLOR=1 LANG=C LC_ALL=C TZ=UTC
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
cp -R "$case/." "$scratch" && cd "$scratch" || exit 2
bad=0

complain() {
	echo "$(basename "$case"): $*"
	bad=1
}

run() {
	case $(head -c 2 cmd) in
	'#!')	sh ./cmd ;;
	*)	eval '"$TANJI"' "$(cat cmd)" ;;
	esac
}

# near EXPRESSION NUMBER: is it there, and as near as that?
near() {
	jq -r "($1 | tonumber) as \$got | ($2) as \$want
		| (if \$want == 0 then 1 else \$want end | fabs) as \$scale
		| if ((\$got - \$want) | fabs) <= 1e-9 * \$scale then \"near\"
		else \"is \(\$got), not \(\$want)\" end" got.out 2>&1
}

run >got.out 2>got.err </dev/null
status=$?
want=0
[ -e want.exit ] && want=$(cat want.exit)
[ "$status" = "$want" ] || complain "exit status $status, not $want"
if [ -e want.near ]; then
	while IFS= read -r line; do
		found=$(near "${line% = *}" "${line##* = }")
		[ "$found" = near ] || complain "${line% = *} $found"
	done <want.near
elif [ -e want.out ]; then
	diff -u want.out got.out || complain "standard output differs"
elif [ -s got.out ]; then
	complain "standard output is not empty"
fi
if [ -e want.err ]; then
	while IFS= read -r line; do
		grep -qF -e "$line" got.err || complain "standard error lacks: $line"
	done <want.err
fi
[ $bad = 0 ] || { echo "standard error:"; head -n 40 got.err; }
exit $bad
