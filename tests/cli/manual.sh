#!/bin/sh
# manual.sh PROGRAM ROOT: man pages without a warning, completion that completes, help that
# says what the tables say, Chinese without English left in it.
set -eu
program=$1
root=$2
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
trap 'exit 1' INT TERM HUP

fail() {
	printf 'manual: %s\n' "$*" >&2
	exit 1
}

commands=$(sed -n 's/^X(\([a-z]*\))$/\1/p' "$root/engine/cli/commands.def")
"$program" help --write-manual "$made"

# Every page is there and groff has nothing to say about it.
for folder in man1 zh_CN/man1; do
	macros=		# Chinese lines are broken between any two characters
	[ $folder = man1 ] || macros=-mzh
	for page in tanji $(printf 'tanji-%s ' $commands); do
		groff -man $macros -k -Tutf8 -ww -z "$made/$folder/$page.1" 2> "$made/said" ||
			fail "$folder/$page.1: groff failed"
		[ ! -s "$made/said" ] || fail "$folder/$page.1: $(cat "$made/said")"
	done
done

# complete WORD…: what bash would offer for the last one.
complete() {
	bash -c 'set -eu
		. "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_tanji
		printf "%s\n" "${COMPREPLY[@]}"' bash "$made/tanji.bash" "$@"
}

[ "$(complete tanji '' | tr '\n' ' ')" = "$(printf '%s ' $commands)" ] ||
	fail "completion does not know the commands"
[ "$(complete tanji ver)" = verify ] || fail "ver is not completed"
[ "$(complete tanji run --dr)" = --dry-run ] || fail "run --dr is not completed"
[ "$(complete tanji help temp)" = template ] || fail "help temp is not completed"

# Help, page and completion know the same options; the page says what help says.
for command in $commands; do
	"$program" help "$command" --lang en > "$made/help"
	"$program" "$command" --help --lang en | cmp -s - "$made/help" ||
		fail "$command --help is not help $command"
	options=$(sed -n 's/^  \(--[a-z-]*\).*/\1/p' "$made/help" | sort)
	[ "$(complete tanji "$command" -- | sort)" = "$options" ] ||
		fail "$command: completion has other options than help"
	[ "$(sed -n 's/^\.B \\-\\-\([a-z\\-]*\).*/--\1/p' "$made/man1/tanji-$command.1" |
		tr -d '\\' | sort)" = "$options" ] ||
		fail "$command: the page has other options than help"
	"$program" help | grep -q "^  $command " || fail "help lacks $command"
done

# Every exit status that there is stands in every page.
for status in 0 $(sed -n 's/^X([A-Z]*,[^0-9]*\([0-9]*\),.*/\1/p' "$root/model/base/errors.def"); do
	grep -qx "\.B $status" "$made/man1/tanji.1" || fail "exit status $status is not told"
done

# english FILE: three words in a row, but for examples and commands.
english() {
	grep -v '^  \$ ' "$1" | sed 's/tanji [a-z]*//g' | grep -E '[a-z]{2,} [a-z]{2,} [a-z]{2,}'
}

"$program" help --lang zh > "$made/zh"
for command in $commands; do
	"$program" help "$command" --lang zh >> "$made/zh"
done
! english "$made/zh" || fail "help in Chinese has English in it"
for page in "$made"/zh_CN/man1/*; do
	sed '/^\.SH 示例/,/^\.SH/d' "$page" > "$made/zh"
	! english "$made/zh" || fail "$page has English in it"
done
