#!/bin/sh
# includes.sh ROOT DIR ALLOWED…: the files of layer DIR include, of our own headers,
# only DIR's and those of the folders named (and model/port with model).
# Third-party headers stay in the one file that owns them: tests/lint/owners.
set -u
root=$1 dir=$2; shift 2
bad=0
cd "$root" || exit 2
for file in "$dir"/*.c "$dir"/*.h "$dir"/port/*.h; do
	[ -e "$file" ] || continue
	for used in $(sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$file"); do
		from=$(dirname "$used")
		[ "$from" = model/port ] && from=model
		ok=no
		for allowed in "$dir" "$@"; do
			[ "$from" = "$allowed" ] && ok=yes
		done
		if [ $ok = no ]; then
			echo "$file: includes $used, which layer $dir may not use"
			bad=1
		fi
	done
	for used in $(sed -n 's/^[ \t]*#[ \t]*include[ \t]*<\([^>]*\)>.*/\1/p' "$file"); do
		owner=$(awk -v h="$used" '$1 !~ /^#/ && index(h, $1) == 1 { print $2; exit }' \
			tests/lint/owners)
		[ -z "$owner" ] && continue
		case " $(echo "$owner" | tr , ' ') " in
		*" $file "*) ;;
		*) echo "$file: includes <$used>, which only $owner may"; bad=1 ;;
		esac
	done
done
exit $bad
