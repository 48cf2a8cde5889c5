#!/bin/sh
# stock.sh COMMAND ARGUMENTS: the adapter of README.md for jose and openssl.
set -u
command=$1
shift

case $command in
verify-declaration | verify-bundle)
	# The signature alone: refused is refused, good is not yet good.
	jose jws ver -i "$2" -k "$1" -O /dev/null || exit 1
	exit 3 ;;
verify-sm2)
	openssl pkeyutl -verify -pubin -inkey "$1" -rawin -digest sm3 \
		-pkeyopt distid:1234567812345678 -in "$2" -sigfile "$3" || exit 1 ;;
verify-timestamp)	# at the time of the vectors' stamp: the authority's certificate ends
	openssl ts -verify -data "$2" -in "$3" -CAfile "$1" -attime 1795177187 || exit 1 ;;
*)
	exit 3 ;;
esac
