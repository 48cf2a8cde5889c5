/*
 * tlog_test.mjs ROOT JWS PROOF POLICY OTHER: the page's own reader of proofs, with what the
 * program's log wrote: each change of one letter of the proof, or of the declaration, is
 * refused; so is the proof of the other log.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
const [root, ...paths] = process.argv.slice(2);
const [jws, proof, policy, other] = paths.map((path) => readFileSync(path, "utf8"));
const { logVerify } = await import(`${root}/exchange/web/tlog.js`);
const believed = (...what) => logVerify(...what).then(() => true, () => false);
const change = (text, at) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") +
    text.slice(at + 1);

const { origin, signed } = await logVerify(proof, jws, policy);

assert.equal(origin, "tyre.example/log");
assert.equal(signed, true);
assert.equal(await believed(other, jws, policy), false);
assert.equal(await believed(proof, jws, "quorum none\n"), false);
assert.equal(await believed(proof, jws, policy.replace("tyre.example", "tire.example")), false);
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
