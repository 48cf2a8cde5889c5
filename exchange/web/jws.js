/*
 * Compact JWS of ES256, by the keys that an issuer publishes in its did.json; and what all that
 * checks something here stands on: why it does not hold, and octets.
 */

/* Why something does not hold: a word, and what stands in its text.  The page brings the text
 * in its reader's language (W in exchange/registry/page_text.def). */
export class Reason extends Error {
	constructor(word, ...values) {
		super(word);
		this.values = values;
	}
}

/* {0}, {1}, … of a text. */
export function fill(text, ...values) {
	return text.replace(/\{(\d)\}/g, (place, i) => values[i] ?? place);
}

/*
 * A reason as the element `texts` has it; one among its values is told in its own text.  What
 * a browser throws of itself, in whatever language, came of bytes that could not be read.
 */
export function reasonText(reason, texts) {
	const word = reason instanceof Reason ? reason.message : "unreadable";

	return fill(texts.getAttribute(`data-why-${word}`) ?? word, ...(reason.values ?? [])
	    .map((value) => value instanceof Error ? reasonText(value, texts) : value));
}

/* The keys that are JWKs of P-256, with their whole names. */
export function keysOf(text) {
	const did = JSON.parse(text);
	const keys = (did.verificationMethod ?? []).concat(did.assertionMethod ?? [])
	    .filter((method) => method?.publicKeyJwk?.crv === "P-256");

	return { id: String(did.id), keys: keys.map((method) => ({ ...method.publicKeyJwk,
		kid: method.id.startsWith("#") ? did.id + method.id : method.id })) };
}

/* One spelling alone: no blanks, all of the padding, unused bits zero. */
export function base64Bytes(text) {
	const binary = atob(text);

	if (btoa(binary) !== text)
		throw new Reason("base64");
	return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

export function base64urlBytes(text) {
	if (/[+/=]/.test(text))
		throw new Reason("base64");
	const standard = text.replaceAll("-", "+").replaceAll("_", "/");

	return base64Bytes(standard.padEnd(Math.ceil(text.length / 4) * 4, "="));
}

export const utf8 = (text) => new TextEncoder().encode(text);

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");

export function same(a, b) {
	return a.length === b.length && a.every((byte, i) => b[i] === byte);
}

export function join(...parts) {
	return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

export async function sha256(bytes) {
	return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/* What was signed by a key of the issuer's that the header names; throws what is wrong. */
export async function jwsOpen(jws, issuer) {
	const [header, payload, signature] = jws.split(".");
	const { alg, kid, typ } = JSON.parse(new TextDecoder().decode(base64urlBytes(header)));
	const jwk = issuer.keys.find((candidate) => candidate.kid === kid);

	if (alg !== "ES256" || typ !== "vc+jwt" || jwk === undefined)
		throw new Reason("no-key");
	const key = await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: jwk.x,
		y: jwk.y }, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
	if (!await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key,
	    base64urlBytes(signature), new TextEncoder().encode(`${header}.${payload}`)))
		throw new Reason("forged");
	return JSON.parse(new TextDecoder().decode(base64urlBytes(payload)));
}
