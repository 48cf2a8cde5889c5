# der.sh: read by the tests beside it.

# der_of FILE: 64 bytes r, s as the DER that openssl takes, to standard output.
der_of() {
	both=$(der_integer "$1" 0)$(der_integer "$1" 32)
	printf '30%02x%s\n' $((${#both} / 2)) "$both" | fold -w 2 | while read -r byte; do
		# shellcheck disable=SC2059
		printf "\\$(printf '%03o' "0x$byte")"
	done
}

# der_integer FILE FROM: 32 bytes of it as an INTEGER, in hexadecimal.
der_integer() {
	hex=$(tail -c +$(($2 + 1)) "$1" | head -c 32 | od -An -v -tx1 | tr -d ' \n' |
		sed 's/^\(00\)*//')
	case $hex in [89a-f]*) hex=00$hex ;; esac
	printf '02%02x%s' $((${#hex} / 2)) "$hex"
}
