/*
 * A label's code read and verified where it was scanned, without asking anybody: the same
 * form as exchange/label.h, written a second time, so that the two check one another.
 * No number here leaves the integers: mantissas are BigInt.
 */
import { Reason } from "./jws.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const MAX_BYTES = 1024;
const HEADER = [0xa2, 0x01, 0x26, 0x04, 0x48];
const LATEST = 1n << 40n;
const STAGES = ["raw", "manufacturing", "distribution", "use", "end-of-life"];
const UNITS = { 1: "kg", 2: "t", 3: "m2", 4: "kWh", 5: "piece" };
const GATES = ["form", "link", "signature", "time"];

export class LabelError extends Reason {
	constructor(gate, word, ...values) {
		super(word, ...values);
		this.gate = gate;
	}
}

function malformed(word) {
	throw new LabelError("form", word);
}

export function base32Decode(text) {
	const out = [];
	let bits = 0, held = 0;

	for (const letter of text) {
		const five = ALPHABET.indexOf(letter);

		if (five < 0)
			malformed("base32");
		bits = (bits << 5 | five) & 0xfff;
		held += 5;
		if (held >= 8) {
			held -= 8;
			out.push(bits >> held & 0xff);
		}
	}
	if (held >= 5 || (bits & (1 << held) - 1) !== 0)
		malformed("base32");
	return Uint8Array.from(out);
}

/* Takes items of deterministic CBOR off the front; any other spelling is refused. */
class Reader {
	constructor(bytes) {
		this.bytes = bytes;
		this.at = 0;
	}

	get atEnd() {
		return this.at === this.bytes.length;
	}

	peek() {
		return this.atEnd ? -1 : this.bytes[this.at];
	}

	head() {
		const first = this.peek(), low = first & 31;
		const width = low < 24 ? 0 : 1 << (low - 24);
		let number = 0n;

		if (first < 0 || low > 27 || this.at + 1 + width > this.bytes.length)
			malformed("cut-off");
		for (let i = 1; i <= width; i++)
			number = number << 8n | BigInt(this.bytes[this.at + i]);
		if (width === 0)
			number = BigInt(low);
		if ((width === 1 && number < 24n) ||
		    (width > 1 && number < 1n << BigInt(width * 4)))
			malformed("spelling");
		this.at += 1 + width;
		return { kind: first >> 5, number };
	}

	take(kind) {
		const head = this.head();

		if (head.kind !== kind)
			malformed("members");
		return head.number;
	}

	int() {
		const { kind, number } = this.head();

		if (kind > 1 || number > 0x7fffffffffffffffn)
			malformed("range");
		return kind === 0 ? number : -1n - number;
	}

	octets(kind) {
		const length = Number(this.take(kind));

		if (this.at + length > this.bytes.length)
			malformed("cut-off");
		this.at += length;
		return this.bytes.subarray(this.at - length, this.at);
	}

	text() {
		const octets = this.octets(3);

		if (octets.length === 0)
			malformed("members");
		try {
			return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
			    .decode(octets);
		} catch {
			return malformed("spelling");
		}
	}

	key(number) {
		if (this.int() !== BigInt(number))
			malformed("members");
	}

	/* Is this the next key?  All of those asked for here are one byte. */
	optional(number) {
		if (this.peek() !== number)
			return false;
		this.at++;
		return true;
	}

	within(low, high) {
		const number = this.int();

		if (number < BigInt(low) || number > BigInt(high))
			malformed("range");
		return number;
	}
}

function figuresRead(reader, label) {
	reader.key(3);
	label.exponent = Number(reader.within(-18, 18));
	reader.key(4);
	label.total = reader.int();
	reader.key(5);
	if (reader.take(4) !== BigInt(STAGES.length))
		malformed("members");
	label.stages = STAGES.map(() => reader.int());
	if (label.stages.reduce((sum, part) => sum + part, 0n) !== label.total)
		malformed("sum");
	reader.key(6);
	label.boundary = reader.within(0, 1) === 1n ? "cradle-to-grave" : "cradle-to-gate";
	reader.key(7);
	label.unit = UNITS[Number(reader.within(1, 5))];
	reader.key(8);
	label.declaration = reader.octets(2);
	if (label.declaration.length !== 16)
		malformed("members");
	if (reader.optional(9))
		label.status = Number(reader.within(0, 0xffffffff));
}

function payloadRead(payload) {
	const reader = new Reader(payload), label = {};
	let members;

	if (reader.take(5) !== 3n)
		malformed("members");
	reader.key(4);
	label.expires = Number(reader.within(0, LATEST));
	reader.key(6);
	label.issued = Number(reader.within(0, LATEST));
	reader.key(-65537);
	members = Number(reader.take(5));
	if (reader.optional(1)) {
		label.gtin = reader.take(0).toString().padStart(14, "0");
		if (label.gtin.length !== 14 || Number(label.gtin) === 0)
			malformed("range");
		if (reader.optional(2))
			label.lot = reader.text();
	}
	figuresRead(reader, label);
	if (label.gtin !== undefined) {
		if (reader.optional(10))
			label.serial = reader.text();
	} else {
		reader.key(11);
		label.handle = reader.text();
	}
	if (!reader.atEnd || members !== 7 + ("lot" in label) + ("serial" in label) +
	    ("status" in label))
		malformed("members");
	return label;
}

/* The code's bytes: what it says, and what was signed. */
export function labelRead(code) {
	const reader = new Reader(code);
	let header, payload, signature;

	if (code.length > MAX_BYTES)
		malformed("long");
	if (code[0] !== 0xd2 || code[1] !== 0x84)
		malformed("cose");
	reader.at = 2;
	header = reader.octets(2);
	if (reader.take(5) !== 0n)
		malformed("cose");
	payload = reader.octets(2);
	signature = reader.octets(2);
	if (!reader.atEnd || signature.length !== 64 || header.length !== HEADER.length + 8 ||
	    HEADER.some((byte, i) => header[i] !== byte))
		malformed("cose");
	return { ...payloadRead(payload), kid: header.slice(HEADER.length), header, payload,
		signature };
}

function putBytes(out, bytes) {
	if (bytes.length < 24)
		out.push(0x40 | bytes.length);
	else if (bytes.length < 256)
		out.push(0x58, bytes.length);
	else
		out.push(0x59, bytes.length >> 8, bytes.length & 0xff);
	out.push(...bytes);
}

/* RFC 9052 section 4.4. */
function toBeSigned(label) {
	const out = [0x84, 0x6a, ...new TextEncoder().encode("Signature1")];

	putBytes(out, label.header);
	out.push(0x40);
	putBytes(out, label.payload);
	return Uint8Array.from(out);
}

/* The link taken apart: C of its query or its fragment, and the path before. */
export function unlink(text) {
	const parts = /^https?:\/\/[^/?#]*([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i.exec(text) ??
	    malformed("no-link");
	const letters = [parts[2] ?? "", parts[3] ?? ""].flatMap((part) => part.split("&"))
	    .filter((pair) => pair.startsWith("C=")).map((pair) => pair.slice(2));

	if (letters.length !== 1)
		malformed(letters.length === 0 ? "no-label" : "two-labels");
	return { code: base32Decode(letters[0]), path: parts[1] };
}

function decodeSegment(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return null;
	}
}

/* ASCII letters alone, as the Handle System folds them. */
function fold(text) {
	return text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

/* Does the link's path name the label's product? */
export function labelIsAt(label, path) {
	const segments = path.split("/").slice(1);
	const wanted = ["01", label.gtin];

	if (label.handle !== undefined) {
		const name = decodeSegment(path.slice(1));

		return name !== null && fold(name) === label.handle;
	}
	if (label.lot !== undefined)
		wanted.push("10", label.lot);
	if (label.serial !== undefined)
		wanted.push("21", label.serial);
	return segments.length >= wanted.length && wanted.every((part, i) =>
	    decodeSegment(segments[segments.length - wanted.length + i]) === part) &&
	    /* what stands before is the site's own; a longer name of a product is not */
	    !segments.slice(0, -wanted.length).includes("01");
}

/* The key as WebCrypto has it, from a JWK of P-256. */
async function keyImport(jwk) {
	return await crypto.subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: jwk.x,
		y: jwk.y }, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
}

async function isHinted(key, kid) {
	const spki = await crypto.subtle.exportKey("spki", key);
	const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", spki));

	return kid.every((byte, i) => hash[i] === byte);
}

/* True if one of the keys made the label's signature. */
async function isSigned(label, jwks) {
	for (const jwk of jwks) {
		const key = await keyImport(jwk).catch(() => null);

		if (key !== null && await isHinted(key, label.kid) &&
		    await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key,
			label.signature, toBeSigned(label)))
			return true;
	}
	return false;
}

function timeCheck(label, now) {
	const day = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);

	if (now < label.issued)
		throw new LabelError("time", "early", day(label.issued));
	if (now >= label.expires)
		throw new LabelError("time", "expired", day(label.expires));
}

/*
 * What a code's text is worth: { label, failed, reason }; failed is undefined where every
 * gate is passed, and no gate is tried behind one that failed.  The reason is a LabelError.
 */
export async function labelVerify(text, jwks, now) {
	const verdict = {};

	try {
		const { code, path } = unlink(text);

		verdict.label = labelRead(code);
		if (!labelIsAt(verdict.label, path))
			throw new LabelError("link", "other-product");
		if (!await isSigned(verdict.label, jwks))
			throw new LabelError("signature", "no-key");
		timeCheck(verdict.label, now);
	} catch (error) {
		if (!(error instanceof LabelError))
			throw error;
		verdict.failed = error.gate;
		verdict.reason = error;
	}
	return verdict;
}

/* A mantissa with its exponent as plain text: no digit is lost. */
export function numberText(mantissa, exponent) {
	const sign = mantissa < 0n ? "-" : "";
	const digits = (mantissa < 0n ? -mantissa : mantissa).toString();

	if (exponent >= 0)
		return sign + digits + "0".repeat(exponent);
	const padded = digits.padStart(1 - exponent, "0");

	return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

export { GATES, STAGES };
