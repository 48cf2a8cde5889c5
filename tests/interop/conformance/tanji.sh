#!/bin/sh
# tanji.sh PROGRAM COMMAND ARGUMENTS: the adapter of README.md for tanji.
set -u
program=$1 command=$2
shift 2
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT

# Malformed is as little good as refused.
answer() {
	"$program" "$@"
	case $? in
	0) exit 0 ;;
	1 | 65) exit 1 ;;
	*) exit 2 ;;
	esac
}

case $command in
verify-declaration)
	answer verify "$2" --key "$1" --at "$3" ;;
verify-bundle)		# its name says what it is to be
	cp "$2" "$scratch/x.bundle" || exit 2
	answer verify "$scratch/x.bundle" --key "$1" --at "$3" ;;
verify-certified)
	answer verify "$3" --ca "$1" --crl "$2" --at "$4" ;;
verify-listed)
	list=$1 before=$2 signers=$3 n=$4 file=$5 at=$6
	cat > "$scratch/tanji.conf" << END
[company]
issuer = did:web:reader.example
name = Reader
profile = iso14067
period = 2026-09-01..2026-09-30
[trust]
list = trust.note
threshold = $n
END
	sed 's/^/signer = /' "$signers" >> "$scratch/tanji.conf"
	if [ "$before" != - ]; then
		"$program" trust use "$before" "$scratch" --at "$at" || exit 2
	fi
	# What is not taken into use is not good, whatever is in use.
	"$program" trust use "$list" "$scratch" --at "$at"
	case $? in 0) ;; 1 | 65) exit 1 ;; *) exit 2 ;; esac
	answer verify "$file" --dir "$scratch" --at "$at" ;;
verify-checkpoint)
	answer log verify "$2" --head --policy "$1" ;;
verify-proof)
	answer log verify "$2" --proof "$3" --policy "$1" ;;
verify-sm2)
	cp "$2" "$scratch/x.jws" && cp "$3" "$scratch/x.jws.sm2" || exit 2
	answer verify "$scratch/x.jws" --key issuer.jwk --at 2026-10-15 --gm "$1" ;;
verify-timestamp)
	cp "$2" "$scratch/x" && cp "$3" "$scratch/x.tsr" || exit 2
	answer timestamp check "$scratch/x" --tsa "$1" ;;
*)
	exit 3 ;;
esac
