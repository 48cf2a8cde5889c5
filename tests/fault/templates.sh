#!/bin/sh
# templates.sh TANJI SOURCE: templates that go in circles, reach out, blow up or widen.
. "$(dirname "$0")/lib.sh"
chain
head='<template xmlns="urn:tanji:template:1" level="enterprise"'

# template WHAT STATUS TEXTS XML: in the place of the movements' template.
template() {
	what=$1
	fresh
	printf '%s\n' "$4" >cord/templates/mb51.xml
	refuse "$2" "$3" run cord --at $at
}

what="a circle of two"
fresh
echo "$head id=\"one\" extends=\"two\"/>" >cord/templates/one.xml
echo "$head id=\"two\" extends=\"one\"/>" >cord/templates/two.xml
sed -i 's/mb51.xml/one.xml/' cord/tanji.conf
refuse 65 'one|two' run cord --at $at
template "extends itself" 65 'mb51' "$head id=\"mb51\" extends=\"mb51\"/>"
template "extends nothing there is" 65 'templates/none.xml' "$head id=\"mb51\" extends=\"none\"/>"
template "extends a path" 65 'no slash' "$head id=\"mb51\" extends=\"../../etc/passwd\"/>"
template "a DTD" 65 'mb51.xml:1|DTD' "<!DOCTYPE template>
$head id=\"mb51\" extends=\"sap-mb51\"/>"
template "an entity from a file" 65 'mb51.xml|DTD' \
	"<!DOCTYPE t [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>
$head id=\"mb51\" extends=\"sap-mb51\"><title>&x;</title></template>"
laughs=$(awk 'BEGIN { print "<!DOCTYPE t [<!ENTITY a0 \"ha\">"
	for (i = 1; i < 30; i++) printf "<!ENTITY a%d \"&a%d;&a%d;&a%d;\">\n", i, i-1, i-1, i-1
	print "]>" }')
template "a billion laughs" 65 'mb51.xml|DTD' \
	"$laughs$head id=\"mb51\" extends=\"sap-mb51\"><title>&a29;</title></template>"
template "elements without an end" 65 'mb51.xml' \
	"$(awk 'BEGIN { for (i = 0; i < 100000; i++) printf "<a>" }')"
template "cut off" 65 'mb51.xml:3' "$head id=\"mb51\" extends=\"sap-mb51\">
<record kind=\"movement\"><field na"
template "not XML" 65 'mb51.xml:1' "hello"
template "empty" 65 'mb51.xml' ""
template "another language" 65 'mb51.xml' '<html/>'
template "an unknown element" 65 'mb51.xml:2|colour' "$head id=\"mb51\" extends=\"sap-mb51\">
<colour/></template>"
template "a field of its own" 65 'mb51.xml:2|colour' "$head id=\"mb51\" extends=\"sap-mb51\">
<record kind=\"movement\"><field name=\"colour\" header=\"Farbe\"/></record></template>"
template "a field no longer required" 65 'mb51.xml:2|quantity' \
	"$head id=\"mb51\" extends=\"sap-mb51\">
<record kind=\"movement\"><field name=\"quantity\" required=\"no\"/></record></template>"
template "an unknown encoding" 65 'mb51.xml:2|klingon' "$head id=\"mb51\" extends=\"sap-mb51\">
<file encoding=\"klingon\"/></template>"
what="a template that is not there"
fresh
rm cord/templates/mb51.xml
refuse 66 'templates/mb51.xml' run cord --at $at
what="no template of that name"
fresh
sed -i 's,templates/mb51.xml,sap-mb52,' cord/tanji.conf
refuse 78 'sap-mb52|tanji template list' run cord --at $at
done_with "templates that are refused"
