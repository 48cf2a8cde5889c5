#!/bin/sh
# files.sh TANJI SOURCE: exports that are cut off, in another encoding, not text, not files.
. "$(dirname "$0")/lib.sh"
chain
good=$source/samples/cord/in/MB51.csv
export=cord/in/MB51.csv

# spoilt WHAT STATUS TEXTS: the movements are what was made of them; nothing may be written.
spoilt() {
	what=$1
	refuse "$2" "$3" run cord --at $at
	refuse "$2" "$3" check cord --at $at
	rm -rf $export
}

bytes=$(head -n 170 "$good" | wc -c)
for cut in 3 20 43 60 80 100; do
	fresh
	head -c $((bytes + cut)) "$good" >$export
	spoilt "cut off $cut bytes into line 171" 65 "MB51.csv:171|error"
done
fresh
iconv -f UTF-8 -t UTF-16LE "$good" | head -c 10001 >$export
sed 's/encoding="utf-8"/encoding="utf-16le"/' "$source/samples/cord/templates/mb51.xml" \
	>cord/templates/mb51.xml
spoilt "UTF-16 cut in the middle of a character" 65 "MB51.csv|expected utf-16le text"

fresh
iconv -f UTF-8 -t UTF-16LE "$good" >$export
spoilt "UTF-16 read as UTF-8" 65 "MB51.csv:1|found a NUL character|another one"
fresh
iconv -f GB18030 -t UTF-8 "$source/samples/cord/in/运输.csv" >cord/in/运输.csv
what="UTF-8 read as GB18030"
refuse 65 "运输.csv:1|expected gb18030 text" run cord --at $at
fresh
tail -c +4 "$good" | sed '2s/Hydrochloric acid/盐酸/' | iconv -f UTF-8 -t GB18030 >$export
spoilt "GBK read as UTF-8" 65 "MB51.csv:2|expected utf-8 text"
fresh
cp "$TANJI" $export
spoilt binary 65 "MB51.csv:1|binary file"
fresh
: >$export
spoilt empty 65 "MB51.csv|the file is empty"
fresh
head -n 1 "$good" | sed 's/Menge/Mange/' >$export
spoilt "a column without its name" 65 "MB51.csv:1: quantity|a column is missing|\"Mange\"|\"Menge\""
fresh
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf "c%d;", i; print "" }' >$export
spoilt "a million columns" 65 "MB51.csv:1:4097|more columns than any table has (4096)"
fresh
awk 'BEGIN { for (i = 0; i < 1000000; i++) printf ";" }' | cat "$good" - >$export
spoilt "a million cells in a row" 65 "MB51.csv:537:4097|more columns"

fresh
rm $export
spoilt absent 65 "MB51.csv|No such file"
fresh
rm $export && mkdir $export
spoilt "a folder" 65 "MB51.csv|is a folder, not a file"
fresh
rm $export && mkfifo $export
what="a pipe that nobody writes to"
refuse 65 "MB51.csv|is a pipe, socket or device" check cord --at $at
fresh
rm $export && ln -s /dev/zero $export
what="a device without an end"
refuse 65 "MB51.csv|is a pipe, socket or device" check cord --at $at
fresh
chmod 000 $export
own
what=unreadable
tanji run cord --at $at
[ $? = 65 ] || complain "exit status is not 65"
says "MB51.csv|Permission denied"
[ ! -e cord/out/registry ] || complain "there is a registry"
done_with "files that cannot be used"
