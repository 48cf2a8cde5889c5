/*
 * That a declaration is in a log: the proof (C2SP tlog-proof@v1) from the leaf up to the root
 * of a checkpoint (signed-note) that is believed by a policy.
 */
import { base64Bytes, hex, join, Reason, same, sha256, utf8 } from "./jws.js";
import { policyCheck, policyRead } from "./tlog_policy.js";

const HEAD = "c2sp.org/tlog-proof@v1";
const MAX_TEXT = 131072, MAX_HASHES = 64, MAX_SIGNATURES = 16;
const BATCH = "eyJhbGciOiJ0bG9nLWVzMjU2";	/* {"alg":"tlog-es256 */

/* Below 2^40, as all logs are; no leading zeros. */
function number(text) {
	if (!/^(0|[1-9]\d{0,12})$/.test(text ?? "") || Number(text) >= 2 ** 40)
		throw new Reason("proof-form");
	return Number(text);
}

function hashRead(line) {
	if (!/^[A-Za-z0-9+/]{43}=$/.test(line))
		throw new Reason("proof-form");
	return base64Bytes(line);
}

function noteRead(text) {
	const split = text.lastIndexOf("\n\n");
	const lines = text.slice(split + 2).split("\n");
	const [origin, size, root] = text.slice(0, split).split("\n");

	if (split < 0 || lines.pop() !== "" || lines.length > MAX_SIGNATURES)
		throw new Reason("note-form");
	return { text: text.slice(0, split + 1), origin, size: number(size),
		root: hashRead(root ?? ""), signatures: lines.map((line) => {
			const parts = /^\u2014 (\S+) ([A-Za-z0-9+/]+=*)$/.exec(line);

			if (parts === null)
				throw new Reason("note-form");
			return { name: parts[1], bytes: base64Bytes(parts[2]) };
		}) };
}

function proofRead(text) {
	const lines = text.slice(0, MAX_TEXT).split("\n");
	const proof = { path: [] };
	let at = 1;

	if (lines[0] !== HEAD)
		throw new Reason("no-proof");
	if (lines[at]?.startsWith("extra "))
		proof.extra = new TextDecoder().decode(base64Bytes(lines[at++].slice(6)));
	proof.index = number(/^index (.*)$/.exec(lines[at++] ?? "")?.[1]);
	for (; lines[at] !== ""; at++) {
		if (at === lines.length || proof.path.length === MAX_HASHES)
			throw new Reason("proof-form");
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
		throw new Reason("other-leaf");
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

/* { index, origin }: where it stands; and what policyCheck() tells.  Throws what is wrong. */
export async function logVerify(text, jws, policy) {
	const { index, path, note, extra } = proofRead(text);
	const root = index >= note.size ? null
	    : await rootOf(utf8(await entryOf(jws, extra)), index, note.size, path);

	if (root === null || !same(root, note.root))
		throw new Reason("other-root");
	return { index, origin: note.origin,
		...await policyCheck(await policyRead(policy), note) };
}
