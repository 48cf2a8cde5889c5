/*
 * label_test.mjs ROOT [JWK LABELS]: the page's own reader of labels against a published label
 * and every change of it; and against labels that the program made, with the issuer's key.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
const root = process.argv[2];
const { labelRead, labelVerify, numberText } = await import("./page/label.js");

const data = (name) => readFileSync(`${root}/tests/exchange/data/label/${name}`);
const text = data("label.txt").toString().trim();
const code = Uint8Array.from(data("label.cose"));
const spki = data("label.spki");
const key = { kty: "EC", crv: "P-256", x: spki.subarray(27, 59).toString("base64url"),
	y: spki.subarray(59).toString("base64url") };
const now = Date.parse("2026-11-20") / 1000;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function base32(bytes) {
	let out = "", bits = 0, held = 0;

	for (const byte of bytes) {
		bits = (bits << 8 | byte) & 0xffff;
		for (held += 8; held >= 5; held -= 5)
			out += ALPHABET[bits >> (held - 5) & 31];
	}
	return held > 0 ? out + ALPHABET[bits << (5 - held) & 31] : out;
}

const linkOf = (bytes) => `${text.split("?")[0]}?C=${base32(bytes)}`;

async function publishedLabel() {
	const { label, failed } = await labelVerify(text, [key], now);

	assert.equal(failed, undefined);
	assert.equal(label.gtin, "09506000134352");
	assert.equal(label.lot, "LOT42");
	assert.equal(numberText(label.total, label.exponent), "2.137");
	assert.equal(label.unit, "kg");
	assert.equal(label.boundary, "cradle-to-grave");
	assert.equal(label.status, 123456);
	assert.equal(linkOf(code), text);
}

/* Every bit, every length, every byte behind it; none may pass. */
async function changedLabels() {
	let tried = 0, believed = 0;
	const attempt = async (bytes) => {
		tried++;
		believed += (await labelVerify(linkOf(bytes), [key], now)).failed === undefined;
	};

	for (let i = 0; i < code.length * 8; i++) {
		const copy = code.slice();

		copy[i >> 3] ^= 1 << (i & 7);
		await attempt(copy);
	}
	for (let n = 0; n < code.length; n++)
		await attempt(code.slice(0, n));
	for (let byte = 0; byte < 256; byte++)
		await attempt(Uint8Array.from([...code, byte]));
	console.log(`labels changed: ${tried}, believed: ${believed}`);
	assert.equal(believed, 0);
}

async function gatesByName() {
	const failedGate = async (link, keys, at) => (await labelVerify(link, keys, at)).failed;

	assert.equal(await failedGate(text.replace("LOT42", "LOT43"), [key], now), "link");
	assert.equal(await failedGate(text.replace("/10/LOT42", ""), [key], now), "link");
	assert.equal(await failedGate(text.replace("134352", "134369"), [key], now), "link");
	assert.equal(await failedGate(text, [], now), "signature");
	assert.equal(await failedGate(text, [{ x: key.y, y: key.x }], now), "signature");
	assert.equal(await failedGate(text, [key], now + 1e9), "time");
	assert.equal(await failedGate(text, [key], 0), "time");
	assert.equal(await failedGate(text.split("?")[0], [key], now), "form");
	assert.equal(await failedGate(`${text}&C=AA`, [key], now), "form");
	assert.equal(await failedGate("javascript:alert(1)?C=AA", [key], now), "form");
	assert.equal(await failedGate(text.replace("?C=", "#C="), [key], now), undefined);
	assert.throws(() => labelRead(new Uint8Array(2000)), /long/);
}

function numbers() {
	assert.equal(numberText(-5n, -3), "-0.005");
	assert.equal(numberText(120n, 2), "12000");
	assert.equal(numberText(0n, -3), "0.000");
	assert.equal(numberText(9007199254740993n, -1), "900719925474099.3");
}

/* What the program printed, by the issuer's published key. */
async function madeLabels(jwkPath, labelsPath) {
	const jwk = JSON.parse(readFileSync(jwkPath)), at = Date.parse("2026-11-20") / 1000;
	const labels = readFileSync(labelsPath).toString().trim().split("\n");

	for (const label of labels) {
		const { failed, reason } = await labelVerify(label, [jwk], at);

		assert.equal(failed, undefined, `${label}: ${failed}: ${reason}`);
	}
	console.log(`labels made by the program: ${labels.length}, all accepted`);
}

await publishedLabel();
await changedLabels();
await gatesByName();
numbers();
if (process.argv.length > 4)
	await madeLabels(process.argv[3], process.argv[4]);
