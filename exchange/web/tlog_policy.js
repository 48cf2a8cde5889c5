/*
 * Whose checkpoint is believed (C2SP tlog-policy): the logs', and where a quorum is named, only
 * with the cosignatures of its witnesses (cosignature/v1).  The same as exchange/tlog_policy.h
 * and note.h, written a second time.
 */
import { base64Bytes, hex, join, Reason, same, sha256, utf8 } from "./jws.js";

const ED25519 = 1, COSIGNATURE = 4;
const KEY = 32, TIME = 8, SIGNATURE = 64;	/* bytes */

function need(holds) {
	if (!holds)
		throw new Reason("policy");
}

function octets(base64) {
	try {
		return base64Bytes(base64);
	} catch {
		throw new Reason("policy");
	}
}

/* NAME+ID+base64(type, key).  Types that are not known are read, and have signed nothing. */
async function vkeyRead(text) {
	const parts = /^([^+\s\x85]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text);

	need(parts !== null);
	const [, name, id, base64] = parts, bytes = octets(base64), type = bytes[0];
	const made = await sha256(join(utf8(`${name}\n`), bytes));
	const isKnown = type === ED25519 || type === COSIGNATURE;

	need(bytes.length > 1 && (!isKnown || (bytes.length === 1 + KEY &&
	    hex(made.slice(0, 4)) === id)));
	return { name, id, type, isKnown, bytes: bytes.slice(1) };
}

const isAmong = (vkeys, { bytes }) => vkeys.some((vkey) => same(vkey.bytes, bytes));

async function logRead(policy, words) {
	need(words.length === 1 || words.length === 2);
	const vkey = await vkeyRead(words[0]);

	need(vkey.type !== COSIGNATURE && !isAmong(policy.logs, vkey));
	policy.logs.push(vkey);
}

function memberAdd(policy, name, member) {
	need(name !== "none" && !policy.members.has(name));
	policy.members.set(name, member);
}

async function witnessRead(policy, words) {
	need(words.length === 2 || words.length === 3);
	const vkey = await vkeyRead(words[1]);

	need(vkey.type !== ED25519 && !isAmong(policy.witnesses, vkey));
	policy.witnesses.push(vkey);
	memberAdd(policy, words[0], { vkey });
}

/* Its members stand above it, and each in one group at most. */
function groupRead(policy, [name, word, ...members]) {
	const threshold = word === "all" ? members.length : word === "any" ? 1
	    : /^[1-9]\d{0,3}$/.test(word) ? Number(word) : 0;

	need(threshold >= 1 && threshold <= members.length);
	for (const member of members) {
		need(policy.members.has(member) && !policy.taken.has(member));
		policy.taken.add(member);
	}
	memberAdd(policy, name, { threshold, members });
}

function quorumRead(policy, words) {
	need(words.length === 1 && policy.quorum === undefined);
	need(words[0] === "none" || policy.members.has(words[0]));
	[policy.quorum] = words;
}

const LINES = new Map([["log", logRead], ["witness", witnessRead], ["group", groupRead],
	["quorum", quorumRead]]);

/* Throws "policy" where it does not say what it means. */
export async function policyRead(text) {
	const policy = { logs: [], witnesses: [], members: new Map(), taken: new Set() };

	need(text.endsWith("\n") && !/[\0-\x08\x0b-\x1f\x7f]/.test(text));
	for (const line of text.split("\n")) {
		const [kind, ...words] = line.split(/[ \t]+/).filter((word) => word !== "");

		if (kind === undefined || kind.startsWith("#"))
			continue;
		need(LINES.has(kind));
		await LINES.get(kind)(policy, words);
	}
	need(policy.quorum !== undefined);
	return policy;
}

/* A witness signs the time of its clock with the text, and it stands before the signature. */
async function holds(key, bytes, type, text) {
	const before = type === COSIGNATURE ? TIME : 0;

	if (bytes.length !== before + SIGNATURE || (before > 0 && bytes[0] > 0x7f))
		return false;
	const time = BigInt(`0x0${hex(bytes.slice(0, before))}`);

	return await crypto.subtle.verify("Ed25519", key, bytes.slice(before), utf8(before === 0
	    ? text : `cosignature/v1\ntime ${time}\n${text}`));
}

/* undefined: this browser cannot tell.  Throws where a signature under its name is not its. */
async function isSigned(note, vkey) {
	const claimed = note.signatures.filter(({ name, bytes }) => name === vkey.name &&
	    hex(bytes.slice(0, 4)) === vkey.id);

	if (claimed.length === 0 || !vkey.isKnown)
		return false;
	const key = await crypto.subtle.importKey("raw", vkey.bytes, "Ed25519", false,
	    ["verify"]).catch(() => undefined);

	if (key === undefined)
		return undefined;
	for (const { bytes } of claimed)
		if (!await holds(key, bytes.slice(4), vkey.type, note.text))
			throw new Reason("note-forged", vkey.name);
	return true;
}

async function signedByLog(policy, note) {
	const logs = policy.logs.filter(({ name }) => name === note.origin);
	let signed = false;

	if (logs.length === 0)
		throw new Reason("other-log", note.origin);
	for (const log of logs) {
		const one = await isSigned(note, log);

		signed = signed === true || one === false ? signed : one;
	}
	if (signed === false)
		throw new Reason("log-unsigned");
	return signed;
}

/* Are these witnesses the quorum?  Members of a group stand before it. */
function isQuorum(policy, cosigned) {
	const has = new Map();

	for (const [name, { vkey, threshold, members }] of policy.members)
		has.set(name, vkey === undefined ? members.filter((member) =>
		    has.get(member)).length >= threshold : cosigned.includes(vkey));
	return policy.quorum === "none" || has.get(policy.quorum);
}

/*
 * { signed, witnesses }: how many have cosigned; undefined where no quorum is asked for.  signed
 * is undefined where the browser has no Ed25519, and it could still be the quorum.  Throws what
 * is wrong.
 */
export async function policyCheck(policy, note) {
	const sure = [], claimed = [];
	let signed = await signedByLog(policy, note);

	for (const vkey of policy.witnesses) {
		const one = await isSigned(note, vkey);

		if (one !== false)
			claimed.push(vkey);
		if (one === true)
			sure.push(vkey);
	}
	if (!isQuorum(policy, claimed))
		throw new Reason("no-quorum", claimed.length, policy.quorum);
	if (!isQuorum(policy, sure))
		signed = undefined;
	return { signed, witnesses: policy.quorum === "none" ? undefined : sure.length };
}
