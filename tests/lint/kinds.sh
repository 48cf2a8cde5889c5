#!/bin/sh
# kinds.sh ROOT: a kind is a file and a line in a table.  Every X(name) of a .def
# has its <stem>_<name>.c, and every such file its line.
set -u
cd "$1" || exit 2
bad=0

# kinds DEF STEM
kinds() {
	def=$1 stem=$2
	[ -e "$def" ] || { ls "$stem"_*.c >/dev/null 2>&1 || return 0; }
	names=$(sed -n 's/^X(\([a-z0-9_]*\).*/\1/p' "$def")
	for name in $names; do
		[ -e "${stem}_$name.c" ] || {
			echo "$def: X($name) has no file ${stem}_$name.c"; bad=1; }
	done
	for file in "$stem"_*.c; do
		name=${file#"${stem}_"} name=${name%.c}
		echo "$names" | grep -qx "$name" || {
			echo "$file: not in $def"; bad=1; }
	done
}

kinds model/ident.def model/ident
kinds engine/allocate.def engine/allocate
kinds engine/cli/commands.def engine/cli/cmd
kinds connectors/store.def connectors/store
exit $bad
