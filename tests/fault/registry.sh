#!/bin/sh
# registry.sh TANJI SOURCE: a registry that is full, read-only, locked, damaged or gone.
. "$(dirname "$0")/lib.sh"
chain
data=cord/out/registry/data.mdb

# published: the cord maker has published, and one reading has changed since.
published() {
	fresh
	accept '' run cord --at $at
	sed -i '2s/3.331,7/3.431,7/' cord/in/Zaehler.csv
}

what="a folder that is not a registry"
fresh
mkdir -p cord/out/registry
head -c 9000 /dev/zero | tr '\0' x >$data
refuse 74 'cord/out/registry: the registry is damaged' run cord --at $at
what="a file where the registry should be"
fresh
echo x >cord/out/registry && mkdir cord/out/declarations
refuse 74 'cord/out/registry: is there and is not a folder' run cord --at $at

what="read-only, and something is new"
published
chmod -R a-w cord/out/registry
refuse 77 'cord/out/registry: the registry may not be written' run cord --at $at
what="read-only, and nothing is new"
fresh
accept '' run cord --at $at
chmod -R a-w cord/out/registry
refuse 0 '' run cord --at $at
what="a folder that takes no declarations"
published
chmod a-w cord/out/declarations
refuse 77 'cord/out/declarations: no declarations can be written here|nothing was signed' \
	run cord --at $at
what="a folder that takes nothing at all"
fresh
chmod a-w cord/out
refuse 77 'cord/out' run cord --at $at

what="locked by another writer"
published
(
	flock 9
	refuse 75 'another process is writing to this registry; try again' run cord --at $at
	exit $bad
) 9<cord/out/registry/write.lock || bad=1
count=$((count + 1))
accept '' run cord --at $at

what="no space (a limit on files)"
published
size=$(stat -c %s $data)
(
	trap '' XFSZ
	ulimit -f $((size / 512))
	refuse 74 'cord/out/registry|no space left|the registry is as it was before' \
		run cord --at $at
	exit $bad
) || bad=1
count=$((count + 1))
accept '' run cord --at $at

# A disk that is really full, where we may mount one.
what="no space (a full disk)"
fresh
mkdir cord/out/registry
if mount -t tmpfs -o size=40k,mode=777 none cord/out/registry 2>/dev/null; then
	own
	tanji run cord --at $at
	got=$?
	[ $got = 74 ] || complain "exit status $got, not 74"
	says 'cord/out/registry|no space left'
	[ ! -e cord/out/declarations/$(ls cord/out/declarations | head -n 1) ] ||
		[ -z "$(ls cord/out/declarations)" ] || complain "files were written"
	mount -o remount,size=10m cord/out/registry
	accept '' run cord --at $at
	umount cord/out/registry
	echo "a full disk was tried"
fi

# Damage: refused, or no difference.  Never a crash, never another answer.
what="bytes flipped"
fresh
accept '' run cord --at $at
cp ../out ../undisturbed
cp -p $data ../data.mdb
size=$(stat -c %s $data)
refused=0 i=0
while [ $i -lt 40 ]; do
	at_byte=$(((i * 7919 * 13 + 24) % size))
	cp -p ../data.mdb $data
	printf '\377' | dd of=$data bs=1 seek=$at_byte conv=notrunc 2>/dev/null
	tanji run cord --at $at
	case $? in
	74)	refused=$((refused + 1)) && says 'the registry is damaged|restore this folder' ;;
	0)	grep -q ' 30 unchanged' ../out || complain "byte $at_byte: another answer" ;;
	*)	complain "byte $at_byte: exit status is neither 0 nor 74" ;;
	esac
	i=$((i + 1)) count=$((count + 1))
done
for keep in 0 100 4096 8192 20000 $((size - 4096)); do
	what="cut off at $keep"
	cp -p ../data.mdb $data
	truncate -s "$keep" $data
	refuse 74 'cord/out/registry: the registry is damaged|restore this folder' \
		run cord --at $at
done
what="one file of the registry deleted"
rm $data
refuse 74 'data.mdb is gone or empty' run cord --at $at
what="the registry deleted: all is made again, the same"
rm -rf cord/out/registry
ls cord/out/declarations >../names
accept '' run cord --at $at
ls cord/out/declarations | cmp -s - ../names || complain "other declarations"
grep -q '30 new' ../out || complain "not all are new"

# The supplier's registry: a factor takes its place, and the reason is told.
what="the supplier's registry is gone"
fresh
rm -rf mill/out/registry
accept 'could not be asked [88.999.1001/26K00901-01]|no registry here' check cord --at $at
what="the supplier's registry is damaged"
fresh
truncate -s 8192 mill/out/registry/data.mdb
accept 'could not be asked|mill/out/registry: the registry is damaged' check cord --at $at
what="the supplier's registry is read-only"
fresh
chmod -R a-w mill/out
refuse 0 '' check cord --at $at
echo "$refused of 40 flipped bytes were refused, the others made no difference"
done_with "registries that cannot be used"
