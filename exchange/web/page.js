/*
 * The page behind a label checks in the reader's browser what the label and this site say.
 * Nothing that the site wrote into the page is believed: the figures are written again from
 * what the label's signature covers, and where the page said otherwise, that is told.
 */
import { fill, jwsOpen, keysOf, Reason, reasonText, sha256 } from "./jws.js";
import { GATES, labelVerify, numberText, STAGES } from "./label.js";
import { statusCheck } from "./status.js";
import { logVerify } from "./tlog.js";

const proof = document.getElementById("proof");

/* `told`: a text, or the reason why not. */
function show(gate, ok, told) {
	const item = proof.querySelector(`[data-gate="${gate}"]`);
	const state = ok === undefined ? "skip" : ok ? "ok" : "no";

	item.className = state;
	item.querySelector(".mark").textContent = { ok: "✓", no: "✗", skip: "–" }[state];
	item.querySelector(".result").textContent = told instanceof Error
	    ? reasonText(told, proof) : told ?? (ok === undefined ? proof.dataset.notTried : "");
}

function decide(ok) {
	const verdict = document.getElementById("verdict");

	verdict.textContent = ok ? proof.dataset.ok : proof.dataset.no;
	verdict.className = ok ? "ok" : "no";
	document.documentElement.dataset.verdict = ok ? "ok" : "no";
}

/* null: it is not here, or cannot be had.  As the page's head asks for it beforehand. */
async function fetchOrNull(url) {
	try {
		const response = await fetch(url, { credentials: "same-origin" });

		return response.ok ? await response.text() : null;
	} catch {
		return null;
	}
}

/* The declaration: signed by the key it names, and no other bytes than the label hashes. */
async function declarationRead(jws, label, issuer) {
	const hash = await sha256(new TextEncoder().encode(jws));

	if (label.declaration.some((byte, i) => hash[i] !== byte))
		throw new Reason("other-declaration");
	return await jwsOpen(jws, issuer);
}

/* Two decimals as the same number of the same unit's last digits. */
function mantissa(text, exponent) {
	const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
	const digits = exponent < 0 ? -exponent : 0;

	if (part.length > digits && /[1-9]/.test(part.slice(digits)))
		return undefined;
	const number = BigInt(whole + part.slice(0, digits).padEnd(digits, "0"));

	return (sign === "-" ? -number : number) / 10n ** BigInt(Math.max(exponent, 0));
}

function figuresCompare(declaration, label) {
	const figures = declaration.credentialSubject.tanji;
	const stages = STAGES.map((stage) => figures.stages?.[stage] ?? "0");

	if (mantissa(figures.total, label.exponent) !== label.total ||
	    stages.some((text, i) => mantissa(text, label.exponent) !== label.stages[i]))
		throw new Reason("other-figures");
	return declaration;
}

/* Writes the signed figures over those of the page; true where they were the same. */
function figuresShow(label) {
	let same = document.getElementById("total") !== null;
	const write = (element, text) => {
		if (element === null)
			return;
		same = same && element.textContent.trim() === text;
		element.textContent = text;
	};

	write(document.getElementById("total"), numberText(label.total, label.exponent));
	write(document.getElementById("unit"), proof.dataset[label.unit] ?? label.unit);
	STAGES.forEach((stage, i) => write(document.querySelector(`[data-stage="${stage}"]`),
	    numberText(label.stages[i], label.exponent)));
	return same;
}

/* The declaration where it is what the label names; null: it is not, and that is shown. */
async function declaredCheck(verdict, issuer, jws) {
	try {
		const declaration = await declarationRead(jws, verdict.label, issuer);

		figuresCompare(declaration, verdict.label);
		show("declared", true, issuer.id);
		return declaration;
	} catch (error) {
		show("declared", false, error);
		return null;
	}
}

/* False where it fails; what this site does not have is told and is no failure. */
async function logCheck(jws, evidence) {
	const [text, policy] = [await evidence.proof, await evidence.policy];

	if (text === null || policy === null) {
		show("log", undefined, text === null ? proof.dataset.noProof
		    : proof.dataset.noPolicy);
		return true;
	}
	try {
		const { index, origin, signed, witnesses } = await logVerify(text, jws, policy);
		const said = !signed ? "inLogUnchecked"
		    : witnesses === undefined ? "inLog" : "inLogWitnessed";

		show("log", signed, fill(proof.dataset[said], index, origin, witnesses));
		return true;
	} catch (error) {
		show("log", false, error);
		return false;
	}
}

async function statusShow(declaration, issuer) {
	const list = (url) => fetchOrNull(`/tanji/status?list=${encodeURIComponent(url)}`);

	try {
		const missing = await statusCheck(declaration, issuer, list, Date.now() / 1000);

		show("status", missing === undefined ? true : undefined, {
			"no-status": proof.dataset.noStatus, "no-list": proof.dataset.noList,
			"old-browser": proof.dataset.oldBrowser }[missing]);
		return true;
	} catch (error) {
		show("status", false, error);
		return false;
	}
}

/* All that hangs on the full declaration. */
async function evidenceCheck(verdict, issuer, evidence) {
	const jws = (await evidence.declaration)?.trim();
	const declaration = jws === undefined ? undefined
	    : await declaredCheck(verdict, issuer, jws);

	if (declaration === undefined || declaration === null) {
		for (const gate of declaration === null ? ["log", "status"]
		    : ["declared", "log", "status"])
			show(gate, undefined);
		return declaration !== null;
	}
	const results = await Promise.all([logCheck(jws, evidence),
		statusShow(declaration, issuer)]);

	return results.every((ok) => ok);
}

function gatesShow(verdict) {
	const failed = GATES.indexOf(verdict.failed);

	GATES.forEach((gate, i) => show(gate, failed < 0 || i < failed ? true
	    : i === failed ? false : undefined, i === failed ? verdict.reason : undefined));
}

/* Whose key it was, and by whose word where this is not the issuer's own site. */
function signerName(issuer) {
	return issuer.id === `did:web:${location.host.replace(":", "%3A")}` ? issuer.id
	    : `${issuer.id} (${location.host})`;
}

/* All of it is on its way while the page's other half is still being read. */
async function check(evidence) {
	let issuer = { id: "", keys: [] };

	try {
		issuer = keysOf(await evidence.did);
	} catch { /* no key made it, then */ }
	const verdict = await labelVerify(location.href, issuer.keys, Date.now() / 1000);
	let ok = verdict.failed === undefined;

	gatesShow(verdict);
	if (verdict.failed !== "form" && verdict.failed !== "link" &&
	    verdict.failed !== "signature")
		show("signature", true, signerName(issuer));
	if (!ok) {
		for (const gate of ["declared", "log", "status", "shown"])
			show(gate, undefined);
	} else {
		const same = figuresShow(verdict.label);

		show("shown", same, same ? undefined : new Reason("other-page"));
		ok = await evidenceCheck(verdict, issuer, evidence) && same;
	}
	decide(ok);
}

/* What reads codes is heavy: it comes when somebody asks for it. */
function scannerOffer() {
	const section = document.getElementById("scan");

	if (section === null || !("Worker" in globalThis))
		return;
	section.hidden = false;
	document.getElementById("camera").addEventListener("click", async () =>
	    (await import("./scan.js")).cameraToggle());
	document.getElementById("photo").addEventListener("change", async ({ target }) => {
		const [file] = target.files;

		target.value = "";		/* so that the same one can be chosen again */
		if (file !== undefined)
			(await import("./scan.js")).photoRead(file);
	});
}

scannerOffer();
if (/[?&#]C=/.test(location.href)) {
	const link = document.getElementById("declaration");
	const of = (what) => link === null ? null
	    : fetchOrNull(link.getAttribute("href").replace("declaration", what));

	await check({ did: fetchOrNull("/.well-known/did.json"), declaration: of("declaration"),
		proof: of("proof"), policy: fetchOrNull("/tanji/log-policy") });
}
