#!/bin/sh
# chinese.sh PROGRAM ROOT: with --lang zh what frames the data is Chinese; the data is what
# it is.
. "$(dirname "$0")/lib.sh"

# chinese WORD…: no three English words in a row on standard output, but for names and sources
# of factors, and at least one Chinese character.
chinese() {
	"$program" "$@" --lang zh --at $at > "$scratch/stdout" 2> "$scratch/stderr" ||
		fail "$*: $(cat "$scratch/stderr")"
	grep -q '[^ -~]' "$scratch/stdout" || fail "$*: nothing Chinese"
	! grep -vE 'Example|\[[0-9]+\]' "$scratch/stdout" |
		grep -E '[a-z]{2,} [a-z]{2,} [a-z]{2,}' || fail "$*: English"
}

chain
coil=88.999.1001/26K00901-01
chinese check "$samples/mill"
chinese run "$samples/mill"
chinese show $coil --dir "$samples/mill"
chinese explain $coil "$samples/mill"
chinese verify $coil --dir "$samples/mill"
chinese resolve $coil --dir "$samples/cord"
chinese template list

# Findings: what the rule says is Chinese, what was found stands behind it as it is.
"$program" check "$samples/mill" --lang zh --at $at > /dev/null 2> "$scratch/stderr"
! sed 's/\[.*//; s/^ .*: //' "$scratch/stderr" | grep -E '[a-z]{2,} [a-z]{2,} [a-z]{2,}' ||
	fail "findings: English"
