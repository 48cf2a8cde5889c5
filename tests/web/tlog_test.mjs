/*
 * tlog_test.mjs JWS PROOF POLICY OTHER: the page's own reader of proofs and policies, with
 * what the program's log wrote and the first two of POLICY's three witnesses cosigned: each
 * change of one letter of the proof, or of the declaration, is refused; so is the proof of the
 * other log.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
const [jws, proof, policy, other] = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
const { logVerify } = await import("./page/tlog.js");
const believed = (...what) => logVerify(...what).then(() => true, () => false);
const change = (text, at) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") +
    text.slice(at + 1);

const { origin, signed, witnesses } = await logVerify(proof, jws, policy);

assert.equal(origin, "tyre.example/log");
assert.equal(signed, true);
assert.equal(witnesses, 2);
assert.equal(await believed(other, jws, policy), false);
assert.equal(await believed(proof, jws, "quorum none\n"), false);
assert.equal(await believed(proof, jws, policy.replace("tyre.example", "tire.example")), false);

/* As exchange.tlog_policy has them: $0 the log's key, $1 to $3 the witnesses'. */
const vkeys = [...policy.matchAll(/^(?:log|witness \S+) (\S+)$/gm)].map(([, vkey]) => vkey);
const refusal = (form) => logVerify(proof, jws, form.replace(/\$(\d)/g, (_, i) => vkeys[i]))
    .then(() => "", (error) => error.message);
const all = "log $0 https://log.example/\nwitness a $1\nwitness b $2\nwitness c $3 https://c\n";

assert.equal(vkeys.length, 4);
for (const met of ["quorum none\nlog $0\n", "\n# a\n\t # b\n log\t$0 \nquorum none\n",
	`${all}quorum none\n`, `${all}quorum b\n`, `${all}group g 2 a b c\nquorum g\n`,
	`${all}group g any a c\nquorum g\n`, `${all}group g all a b\nquorum g\n`,
	`${all}group g any b c\ngroup h all g a\nquorum h\n`,
	"log $0\nwitness pq q+00000001+BgAA\nquorum none\n"])
	assert.equal(await refusal(met), "", met);
for (const unmet of ["quorum c\n", "group g all a b c\nquorum g\n", "group g 1 c\nquorum g\n",
	"group g any a b\ngroup h all g c\nquorum h\n",
	"witness pq q+00000001+BgAA\nquorum pq\n"])
	assert.equal(await refusal(all + unmet), "no-quorum", unmet);
for (const bad of ["", "log $0\n", "log $0\nquorum none", "quorum none\nquorum none\n",
	"quorum a\n", "quorum a\nwitness a $1\n", "quorum\n", "quorum none none\n",
	"log\nquorum none\n", "log $0 u v\nquorum none\n", "log $0\nlog $0\nquorum none\n",
	"log $1\nquorum none\n", "witness a $0\nquorum none\n",
	"witness a $1\nwitness b $1\nquorum none\n",
	"witness a $1\nwitness a $2\nquorum none\n", "witness none $1\nquorum none\n",
	"witness a\nquorum none\n", "witness a $1 u v\nquorum none\n",
	"witness a a+00000001+BA==\nquorum none\n", "witness a a+00000001+B\nquorum none\n",
	...["g 0 a b", "g 3 a b", "g 01 a b", "g most a b", "g any", "g any d", "g any none",
		"g 2 a a", "g any a\ngroup h any a", "a any b", "g any g"]
	    .map((group) => `${all}group ${group}\nquorum none\n`), "group\nquorum none\n",
	"Quorum none\n", "quorum none\r\n", "quorum none\n\x7f\n", "quorum none\n\v\n",
	"constructor none\nquorum none\n"])
	assert.equal(await refusal(bad), "policy", bad);

let tried = 0, wrong = 0;

for (let at = 0; at < proof.length; at++, tried++)
	wrong += await believed(change(proof, at), jws, policy);
for (let at = 0; at < proof.length; at += 7, tried++)
	wrong += await believed(proof.slice(0, at), jws, policy);
for (const more of ["\n", "A", "\u2014 x AAAA\n\n"])
	wrong += await believed(proof + more, jws, policy);
for (let at = 0; at < jws.length; at += 37, tried++)
	wrong += await believed(proof, change(jws, at), policy);
console.log(`proofs changed: ${tried + 3}, believed: ${wrong}`);
assert.equal(wrong, 0);
