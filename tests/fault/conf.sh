#!/bin/sh
# conf.sh TANJI SOURCE: configurations and command lines that are wrong.
. "$(dirname "$0")/lib.sh"
chain

# conf WHAT SED STATUS TEXTS: one edit of tanji.conf.
conf() {
	what=$1
	fresh
	sed -i "$2" cord/tanji.conf
	refuse "$3" "$4" run cord --at $at
	refuse "$3" "$4" check cord --at $at
}

conf "an unknown key" 's/^region/regoin/' 78 'cord/tanji.conf:7: regoin|not known in [company]'
conf "an unknown section" \
	's/^.upstream./[upstraem]/' 78 'cord/tanji.conf:48|[upstraem] is not known'
conf "a key is missing" '/^period/d' 78 'cord/tanji.conf:2: period|lacks the key period'
conf "a key twice" 's/^region = CN/&\nregion = DE/' 78 'cord/tanji.conf:8|region'
conf "no section" '1,2d' 78 'cord/tanji.conf:1'
conf "not a line" 's/^region.*/region/' 78 'cord/tanji.conf:7'
conf "a period that ends before it begins" 's/2026-09-30/2026-08-30/' 78 \
	'cord/tanji.conf:6: period|expected two days like|2026-08-30'
conf "a period of one word" 's/^period.*/period = September/' 78 'cord/tanji.conf:6: period'
conf "a day that never was" 's/2026-09-30/2026-09-31/' 78 'cord/tanji.conf:6: period'
conf "an issuer that is not did:web" 's/did:web:cord/did:key:cord/' 78 \
	'cord/tanji.conf:3: issuer|expected did:web:'
conf "an unknown profile" 's/iso14067/iso99999/' 78 'cord/tanji.conf:5: profile|iso99999|iso14067'
conf "an unknown factor set" 's/cn-2024/cn-1024/' 78 'cord/tanji.conf:23: set|cn-1024'
conf "an unknown allocation" 's/^name = Stranding/&\nallocation = fair/' 78 \
	'allocation|expected mass, energy or economic, found "fair"'
conf "nothing to read" '/^.read./,/^.factors./{/=/d}' 78 'nothing to read: name your exports'
conf "yes or no" \
	's/^name = Stranding/&\ncarbon_balance = maybe/' 78 'expected yes or no, found "maybe"'
conf "trust in nobody for nothing" 's,did.json 88.999.1001,did.json,' 78 'cord/tanji.conf:52'
conf "a material that nobody has" 's/50001$/5000x/' 78 '00000000000005000x|in none of the files'
conf "an identifier that nobody can ask for" 's,^id = .*,id = hello {batch},' 78 \
	'"hello B2609001"|nobody else can ask for'
conf "one identifier for all" 's,^id = .*,id = 88.999.1002/same,' 78 \
	'would both be declared as hdl:88.999.1002/SAME|{batch}'
conf "a file that is not there" 's,in/factors.csv,in/factros.csv,' 65 'in/factros.csv|No such file'
conf "a root that is no address" '$a [resolve]\nroot = root.example' 78 \
	'root|expected https://…|root.example'
conf "a range that is none" '$a [resolve]\nallow = localhost' 78 'allow|like 10.1.0.0/16'
conf "a deadline that is none" '$a [resolve]\ndeadline = soon' 78 'deadline|a number from 1 to'
conf "publishing without a secret" '$a [publish]\nnode = https://a.example\nas = 300:88.1/A' 78 \
	'[publish] lacks the key secret'
conf "a secret over http" \
	'$a [publish]\nnode = http://a.example\nas = 300:88.1/A\nsecret = s' 78 'node|https://'
conf "an administrator that is none" \
	'$a [publish]\nnode = https://a.example\nas = ADMIN\nsecret = s' 78 'as|300:88.111.1/ADMIN'
for encoding in UTF-16 GB18030; do
	what="written in $encoding"
	fresh
	iconv -f UTF-8 -t $encoding "$source/samples/cord/tanji.conf" >cord/tanji.conf
	refuse 78 'cord/tanji.conf|not UTF-8' run cord --at $at
done
what="empty"
fresh
: >cord/tanji.conf
refuse 78 'cord/tanji.conf|[company]' run cord --at $at
what="absent"
rm cord/tanji.conf
refuse 66 'cord/tanji.conf|tanji init cord' run cord --at $at

# Usage: 2, and nothing else happens.
usage() {
	what="tanji $*"
	refuse 2 'tanji' "$@"
}
fresh
usage
usage nonsense
usage check one two
usage run --bogus
usage run cord --at
usage run cord --at 2026-13-01
usage run cord --at tomorrow
usage run cord --dry-run=yes
usage check cord --lang fr
usage verify
usage keys
usage keys forge cord
usage calc
usage calc cord --demand
usage explain
done_with "configurations and command lines that are refused"
