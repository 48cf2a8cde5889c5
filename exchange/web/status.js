/*
 * Whether the issuer took back what it declared: W3C Bitstring Status Lists, which it signs.
 */
import { base64urlBytes, jwsOpen, Reason } from "./jws.js";

const MAX_BYTES = 2 << 20;		/* a list of 2 KiB may lawfully become this */
const MEANING = new Map([["revocation", "revoked"], ["suspension", "suspended"],
	["refresh", "replaced"]]);

async function inflate(packed) {
	const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))
	    .getReader();
	const out = new Uint8Array(MAX_BYTES);
	let length = 0;

	for (;;) {
		const { value, done } = await reader.read();

		if (done)
			return out.subarray(0, length);
		if (length + value.length > MAX_BYTES) {
			await reader.cancel();
			throw new Reason("large");
		}
		out.set(value, length);
		length += value.length;
	}
}

function timeCheck(list, now) {
	if (now < Date.parse(list.validFrom ?? 0) / 1000)
		throw new Reason("early", list.validFrom);
	if (list.validUntil !== undefined && !(now < Date.parse(list.validUntil) / 1000))
		throw new Reason("expired", list.validUntil);
}

/* The list that the entry names, signed by the issuer and in force. */
async function listOpen(jws, entry, issuer, now) {
	const list = await jwsOpen(jws, issuer);
	const subject = list.credentialSubject;

	if (list.id !== entry.statusListCredential ||
	    (list.issuer?.id ?? list.issuer) !== issuer.id ||
	    subject?.statusPurpose !== entry.statusPurpose ||
	    !String(subject.encodedList).startsWith("u"))
		throw new Reason("other-list");
	timeCheck(list, now);
	return await inflate(base64urlBytes(subject.encodedList.slice(1)));
}

/* The first entry is the highest bit of the first byte. */
function bit(bytes, index) {
	if (!/^\d{1,12}$/.test(index) || Number(index) >= bytes.length * 8)
		throw new Reason("no-entry");
	return bytes[Math.floor(index / 8)] >> (7 - index % 8) & 1;
}

async function isSet(jws, entry, issuer, now) {
	try {
		return bit(await listOpen(jws, entry, issuer, now), entry.statusListIndex) === 1;
	} catch (error) {
		throw new Reason("list", error);
	}
}

/*
 * Throws what speaks against the declaration, or against a list.  Else what could not be
 * looked at: undefined, "no-status", "no-list" or "old-browser".  fetchList(url) gives
 * a list's JWS, or null where it is not to be had.
 */
export async function statusCheck(declaration, issuer, fetchList, now) {
	const entries = [declaration.credentialStatus ?? []].flat()
	    .filter((entry) => MEANING.has(entry.statusPurpose));
	const lists = await Promise.all(entries.map((entry) =>
	    fetchList(entry.statusListCredential)));

	if (entries.length === 0)
		return "no-status";
	if (!("DecompressionStream" in globalThis))
		return "old-browser";
	for (const [i, entry] of entries.entries())
		if (lists[i] !== null && await isSet(lists[i].trim(), entry, issuer, now))
			throw new Reason(MEANING.get(entry.statusPurpose),
			    entry.statusListCredential);
	return lists.includes(null) ? "no-list" : undefined;
}
