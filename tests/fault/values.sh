#!/bin/sh
# values.sh TANJI SOURCE: cells that are readable and wrong; every message names its place.
. "$(dirname "$0")/lib.sh"
chain
good=$source/samples/cord/in/MB51.csv
export=cord/in/MB51.csv

# cell WHAT SED TEXTS: one edit of the movements is refused.
cell() {
	what=$1
	fresh
	sed "$2" "$good" >$export
	refuse 65 "$3" run cord --at $at
}

cell "unknown unit" '50s/;KG;/;FOO;/' 'MB51.csv:50:10: unit|"FOO"|known are such as kg'
cell "more than there is of anything" '2s/9.000,0/900.000.000.000.000.000,0/' \
	'MB51.csv:2:9: quantity|expected a number below 1e15'
cell "1e400" '2s/9.000,0/1e400/' 'MB51.csv:2:9: quantity|found "1e400"|expected a number'
cell "NaN" '2s/9.000,0/NaN/' 'MB51.csv:2:9: quantity|found "NaN"|expected a number'
cell "inf" '2s/9.000,0/-inf/' 'MB51.csv:2:9: quantity|found "-inf"|expected a number'
cell "hexadecimal" '2s/9.000,0/0x10/' 'MB51.csv:2:9: quantity|found "0x10"'
cell "two decimal signs" '2s/9.000,0/9,000,0/' 'MB51.csv:2:9: quantity|found "9,000,0"'
cell "a decimal sign of another country" \
	'2s/9.000,0/9000.5/' 'MB51.csv:2:9: quantity|found "9000.5"'
cell "a day that never was" \
	'2s/03.09.2026/31.02.2026/' 'MB51.csv:2:12: date|found "31.02.2026"'
cell "unknown movement type" '2s/;101;/;999;/' 'MB51.csv:2:3: kind|found "999"|expected one of "101"'
cell "no quantity" '2s/9.000,0//' 'MB51.csv:2:9: quantity|found an empty cell'
cell "open quote" '2s/;KG/;"KG/' 'MB51.csv:2:10|never closed'
cell "one number, two documents" '3s/5000301303/5000301301/' \
	'MB51.csv:3: error: the same key with different data|5000301301/0001|MB51.csv:2'
cell "a column twice" '1s/LOrt/Menge/' 'MB51.csv:1:9: quantity|"Menge" twice'
cell "three errors, all told" '2s/9.000,0/x/;3s/;KG;/;FOO;/;4s/;101;/;999;/' \
	'MB51.csv:2:9: quantity|MB51.csv:3:10: unit|MB51.csv:4:3: kind|3 errors found'

what="one material, two units"
fresh
sed '2s/KG/L/;2p' "$source/samples/cord/in/Materialstamm.csv" >cord/in/Materialstamm.csv
sed -i '3s/;L;/;KG;/' cord/in/Materialstamm.csv
refuse 65 'Materialstamm.csv:3: error: the same key with different data' run cord --at $at

# The native book: the same, in English numbers.
book() {
	what=$1
	rm -rf book && mkdir book
	printf 'product,unit,mass_kg_per_unit\nP,kg,1\nQ,kg,1\n' >book/products.csv
	printf 'activity,name\nA,make\n' >book/activities.csv
	printf 'activity,product,amount,unit\nA,P,1,kg\n' >book/outputs.csv
	printf 'activity,product,amount,unit\nA,Q,2,kg\n' >book/inputs.csv
	printf 'product,unit,flow,amount_kg_per_unit,source\nQ,kg,CO2,3,test\n' >book/factors.csv
	printf '%b' "$3" >"book/$2"
	refuse 65 "$4" calc book --demand P=1kg
}
what=book
book "an amount of NaN" inputs.csv 'activity,product,amount,unit\nA,Q,nan,kg\n' \
	'inputs.csv:2:3: amount|found "nan"'
book "too much" inputs.csv 'activity,product,amount,unit\nA,Q,2e15,kg\n' \
	'inputs.csv:2:3: amount|below 1e15'
book "a unit of another dimension" inputs.csv 'activity,product,amount,unit\nA,Q,1,kWh\n' \
	'inputs.csv:2'
book "an unknown unit" inputs.csv 'activity,product,amount,unit\nA,Q,1,bushel\n' \
	'inputs.csv:2:4: unit|"bushel"'
book "an unknown column" inputs.csv 'activity,product,amount,unit,colour\nA,Q,1,kg,red\n' \
	'inputs.csv:1:5|colour'
book "a missing column" inputs.csv 'activity,product,unit\nA,Q,kg\n' \
	'inputs.csv:1|amount|a column is missing'
book "one product, two units" products.csv \
	'product,unit,mass_kg_per_unit\nP,kg,1\nQ,kg,1\nQ,t,1000\n' 'products.csv:4|products.csv:3'
book "one activity twice" activities.csv 'activity,name\nA,make\nA,break\n' \
	'activities.csv:3|activities.csv:2'
book "a row of too many cells" outputs.csv 'activity,product,amount,unit\nA,P,1,kg,9\n' \
	'outputs.csv:2'
book "a row cut off" outputs.csv 'activity,product,amount,unit\nA,P,1' 'outputs.csv:2|cut off'

what="a misspelt activity"
printf 'activity,product,amount,unit\nA,P,1,kg\n' >book/outputs.csv
printf 'activity,product,amount,unit\nA,Q,2,kg\nB,Q,1,kg\n' >book/inputs.csv
accept 'inputs.csv:3: warning: what made nothing was left out [B]: 1 inputs' \
	calc book --demand P=1kg
done_with "cells that cannot be used"
