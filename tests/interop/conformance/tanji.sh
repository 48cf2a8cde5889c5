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
verify-sm2)
	cp "$2" "$scratch/x.jws" && cp "$3" "$scratch/x.jws.sm2" || exit 2
	answer verify "$scratch/x.jws" --key issuer.jwk --at 2026-10-15 --gm "$1" ;;
verify-timestamp)
	cp "$2" "$scratch/x" && cp "$3" "$scratch/x.tsr" || exit 2
	answer timestamp check "$scratch/x" --tsa "$1" ;;
*)
	exit 3 ;;
esac
