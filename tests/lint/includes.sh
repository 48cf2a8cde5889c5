#!/bin/sh
# includes.sh ROOT DIR ALLOWED…: the files of layer DIR include, of our own headers,
# only DIR's and those of the folders named (and model/port with model).
# Third-party headers stay in the one file that owns them: tests/lint/owners.
set -u
root=$1 dir=$2; shift 2
cd "$root" || exit 2
files=$(find "$dir" "$dir/port" -maxdepth 1 -name '*.[ch]' 2>/dev/null | sort)
# shellcheck disable=SC2086	# no blanks in names
awk -v dir="$dir" -v allowed="$*" '
	BEGIN {
		n = split(dir " " allowed, some, " ")
		for (i = 1; i <= n; i++)
			may[some[i]] = 1
		while ((getline line <"tests/lint/owners") > 0)
			if (line !~ /^#/ && split(line, part, " ") >= 2) {
				header[++headers] = part[1]
				owner[headers] = part[2]
			}
	}
	function complain(what) {
		print FILENAME ": includes " what
		bad = 1
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, part, "\"")
		from = part[2]
		sub(/\/[^\/]*$/, "", from)
		if (from == "model/port")
			from = "model"
		if (!(from in may))
			complain(part[2] ", which layer " dir " may not use")
	}
	/^[ \t]*#[ \t]*include[ \t]*</ {
		split($0, part, /[<>]/)
		for (i = 1; i <= headers && index(part[2], header[i]) != 1; i++)
			;
		if (i <= headers && index("," owner[i] ",", "," FILENAME ",") == 0)
			complain("<" part[2] ">, which only " owner[i] " may")
	}
	END { exit bad }' $files </dev/null
