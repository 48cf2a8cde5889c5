#!/bin/sh
# run.sh COMMAND…: drive a verifier over the vectors (README.md).
set -u
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { echo "run.sh COMMAND…: see README.md" >&2; exit 2; }
cd "$here/vectors" || exit 2
good=0 bad=0 other=0 wrong=0

while read -r want question; do
	case $want in \#* | '') continue ;; esac
	# The command has no blanks inside its arguments; what is behind # is for people.
	"$@" ${question%%#*} > /dev/null 2>&1 < /dev/null
	case $want,$? in
	good,0) good=$((good + 1)) ;;
	bad,1) bad=$((bad + 1)) ;;
	*,3) other=$((other + 1)) ;;
	*,*) echo "wanted $want: $question"; wrong=$((wrong + 1)) ;;
	esac
done < ../vectors.txt
echo "$good accepted, $bad refused, $other not asked, $wrong wrong"
[ $wrong = 0 ] && [ $((good + bad)) -gt 0 ]
