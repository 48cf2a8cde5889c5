/*
 * That a declaration is in a log: the proof (C2SP tlog-proof@v1) from the leaf up to the root
 * of a checkpoint, and the log's signature on that (signed-note, Ed25519).  Cosignatures of
 * witnesses are not looked at here.
 */
import { base64Bytes, sha256 } from "./jws.js";

const HEAD = "c2sp.org/tlog-proof@v1";
const MAX_TEXT = 131072, MAX_HASHES = 64, MAX_SIGNATURES = 16;
const ED25519 = 1;
const BATCH = "eyJhbGciOiJ0bG9nLWVzMjU2";	// {"alg":"tlog-es256

const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function same(a, b) {
	return a.length === b.length && a.every((byte, i) => b[i] === byte);
}

function join(...parts) {
	return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

/* Below 2^40, as all logs are; no leading zeros. */
function number(text) {
	if (!/^(0|[1-9]\d{0,12})$/.test(text ?? "") || Number(text) >= 2 ** 40)
		throw new Error("the proof has no number where one belongs");
	return Number(text);
}

function hashRead(line) {
	if (!/^[A-Za-z0-9+/]{43}=$/.test(line))
		throw new Error("the proof has a hash that is none");
	return base64Bytes(line);
}

function noteRead(text) {
	const split = text.lastIndexOf("\n\n");
	const lines = text.slice(split + 2).split("\n");
	const [origin, size, root] = text.slice(0, split).split("\n");

	if (split < 0 || lines.pop() !== "" || lines.length > MAX_SIGNATURES)
		throw new Error("the proof has no signed checkpoint");
	return { text: text.slice(0, split + 1), origin, size: number(size),
		root: hashRead(root ?? ""), signatures: lines.map((line) => {
			const parts = /^\u2014 (\S+) ([A-Za-z0-9+/]+=*)$/.exec(line);

			if (parts === null)
				throw new Error("the checkpoint has a signature that is none");
			return { name: parts[1], bytes: base64Bytes(parts[2]) };
		}) };
}

function proofRead(text) {
	const lines = text.slice(0, MAX_TEXT).split("\n");
	const proof = { path: [] };
	let at = 1;

	if (lines[0] !== HEAD)
		throw new Error("this is no proof of a log");
	if (lines[at]?.startsWith("extra "))
		proof.extra = new TextDecoder().decode(base64Bytes(lines[at++].slice(6)));
	proof.index = number(/^index (.*)$/.exec(lines[at++] ?? "")?.[1]);
	for (; lines[at] !== ""; at++) {
		if (at === lines.length || proof.path.length === MAX_HASHES)
			throw new Error("the proof does not end");
		proof.path.push(hashRead(lines[at]));
	}
	proof.note = noteRead(lines.slice(at + 1).join("\n"));
	return proof;
}

/* What the log holds of these bytes; with the tag that the proof tells of, if any. */
async function entryOf(jws, extra) {
	const kind = jws.startsWith(BATCH) ? "batch" : "decl";
	const begin = `tanji-leaf/v1\n${kind}\n${hex(await sha256(utf8(jws)))}\n`;

	if (extra === undefined)
		return `${begin}-\n`;
	if (!extra.startsWith(begin) || !/^[0-9a-f]{32}\n$/.test(extra.slice(begin.length)))
		throw new Error("the proof is of another declaration");
	return extra;
}

/* RFC 9162 section 2.1.3.2. */
async function rootOf(leaf, index, size, path) {
	const node = (left, right) => sha256(join([1], left, right));
	let here = index, last = size - 1, root = await sha256(join([0], leaf));

	for (const hash of path) {
		if (last === 0)
			return null;
		if (here % 2 === 1 || here === last) {
			root = await node(hash, root);
			for (; here % 2 === 0 && here !== 0; last = Math.floor(last / 2))
				here /= 2;
		} else {
			root = await node(root, hash);
		}
		here = Math.floor(here / 2);
		last = Math.floor(last / 2);
	}
	return last === 0 ? root : null;
}

/* The keys of the policy's logs of this origin: NAME+ID+base64(type, key). */
async function keysOfLog(policy, origin) {
	const keys = [];

	for (const line of policy.split("\n")) {
		const parts = /^log ([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)(\s|$)/.exec(line);

		if (parts === null || parts[1] !== origin)
			continue;
		const bytes = base64Bytes(parts[3]);
		const id = (await sha256(join(utf8(`${origin}\n`), bytes))).slice(0, 4);

		if (bytes[0] === ED25519 && hex(id) === parts[2])
			keys.push({ id, bytes: bytes.slice(1) });
	}
	return keys;
}

/* undefined: this browser cannot tell. */
async function isSigned(note, key) {
	const claimed = note.signatures.filter(({ name, bytes }) => name === note.origin &&
	    same(bytes.slice(0, 4), key.id));
	const imported = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false,
	    ["verify"]).catch(() => undefined);

	if (claimed.length === 0)
		return false;
	if (imported === undefined)
		return undefined;
	for (const { bytes } of claimed)
		if (!await crypto.subtle.verify("Ed25519", imported, bytes.slice(4),
		    utf8(note.text)))
			throw new Error("the log's signature on its checkpoint does not hold");
	return true;
}

/*
 * { index, origin, signed }: where it stands; signed is undefined where the browser has no
 * Ed25519.  Throws what is wrong.
 */
export async function logVerify(text, jws, policy) {
	const { index, path, note, extra } = proofRead(text);
	const root = index >= note.size ? null
	    : await rootOf(utf8(await entryOf(jws, extra)), index, note.size, path);
	const keys = await keysOfLog(policy, note.origin);
	let signed = false;

	if (root === null || !same(root, note.root))
		throw new Error("the proof does not lead from this declaration to the log's root");
	if (keys.length === 0)
		throw new Error(`this is another log than the issuer's: ${note.origin}`);
	for (const key of keys)
		signed = signed === true ? true : await isSigned(note, key);
	if (signed === false)
		throw new Error("the log has not signed its checkpoint");
	return { index, origin: note.origin, signed };
}
