#!/bin/sh
# templates.sh PROGRAM ROOT: list, show and try, on the samples' own files.
. "$(dirname "$0")/lib.sh"

# tried COMPANY TEMPLATE FILE KIND: the file has rows of that kind and no other.
tried() {
	dir=$samples/$1
	tanji template try "templates/$2.xml" "$dir/in/$3" --dir "$dir"
	awk -v kind="$4" '$1 == kind ? $2 == 0 : $2 != 0 { exit 1 }' "$scratch/stdout" ||
		fail "$1 $2: $(cat "$scratch/stdout")"
}

tanji template list
for id in sap-mara sap-mb51 sap-cs12 meter-readings; do
	grep -q "^$id " "$scratch/stdout" || fail "list lacks $id"
done
cut -d' ' -f1 "$scratch/stdout" > "$scratch/list"
while read -r id; do
	tanji template show "$id"
	grep -q '^[a-z]* (\* required)$' "$scratch/stdout" || fail "$id shows no record"
done < "$scratch/list"
tanji template show templates/mb51.xml --dir "$samples/tyre"
grep -q ' < sap-mb51 < movement$' "$scratch/stdout" || fail "mb51.xml: its chain is not shown"

tried mill mara mara.csv material
tried mill meters 能源计量.csv reading
tried mill mb51 mb51.txt movement
tried cord transport 运输.csv leg
tried tyre cs12 cs12.txt bom

status=0
"$program" template try templates/mara.xml "$samples/mill/in/mb51.txt" \
	--dir "$samples/mill" > "$scratch/stdout" 2> "$scratch/stderr" || status=$?
[ $status = 65 ] || fail "a file of another kind: exit status $status"
grep -q 'mb51\.txt:1' "$scratch/stderr" || fail "a file of another kind: no place named"
status=0
"$program" template show no-such > "$scratch/stdout" 2>&1 || status=$?
[ $status = 78 ] || fail "no such template: exit status $status"

# A pattern names the files that there are; one that names none is an error.
sed -i 's|in/stack\.csv|in/st[a]ck*.csv|' "$samples/mill/tanji.conf"
tanji check "$samples/mill" --at $at
sed -i 's|in/st\[a\]ck\*\.csv|in/stick*.csv|' "$samples/mill/tanji.conf"
status=0
"$program" check "$samples/mill" --at $at > "$scratch/stdout" 2> "$scratch/stderr" || status=$?
[ $status = 66 ] || fail "a pattern without files: exit status $status"
grep -q 'no file matches .*/in/stick\*\.csv' "$scratch/stderr" || fail "no file matches: not said"
