/*
 * Reads labels from a photo or from the camera, in the browser: no picture leaves it.  Each
 * label is checked by its signature with this site's keys; its own page checks the rest.
 */
import { keysOf, reasonText } from "./jws.js";
import { labelVerify, numberText } from "./label.js";

const MAX_BYTES = 32 << 20, MAX_DOTS = 64 << 20;	/* as the program has it for photos */
const MAX_SIDE = 4096;			/* larger ones are made smaller: phones take 4000 */
const LOOK_MS = 150;			/* between two looks through the camera */

const section = document.getElementById("scan");
const state = document.getElementById("scan-state");
const list = document.getElementById("scanned");
const view = document.getElementById("view");
const button = document.getElementById("camera");
const canvas = document.createElement("canvas");
let worker, issuer, stream = null;

class Trouble extends Error {}

function say(what, number) {
	state.textContent = section.dataset[what].replace("{}", number);
}

/* The texts of all codes of a picture that is drawn from `source`. */
function decode(source, width, height) {
	const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
	const context = canvas.getContext("2d", { willReadFrequently: true });

	canvas.width = Math.max(1, Math.round(width * scale));
	canvas.height = Math.max(1, Math.round(height * scale));
	context.fillStyle = "#fff";		/* under what is transparent */
	context.fillRect(0, 0, canvas.width, canvas.height);
	context.drawImage(source, 0, 0, canvas.width, canvas.height);
	const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;

	worker ??= new Worker("/tanji/scan_worker.js");
	return new Promise((resolve, reject) => {
		const fail = () => {
			worker.terminate();
			worker = undefined;	/* the next attempt loads it again */
			reject(new Trouble("failed"));
		};

		worker.onerror = fail;
		worker.onmessage = ({ data }) => data.failed === undefined ?
		    resolve(data.texts) : fail();
		worker.postMessage({ pixels, width: canvas.width, height: canvas.height },
		    [pixels.buffer]);
	});
}

/* Its size is known before its dots are unpacked. */
async function pictureOpen(file) {
	const image = new Image();

	if (file.size > MAX_BYTES)
		throw new Trouble("huge");
	image.src = URL.createObjectURL(file);
	await new Promise((resolve, reject) => {
		image.onload = resolve;
		image.onerror = () => reject(new Trouble("corrupt"));
	}).finally(() => URL.revokeObjectURL(image.src));
	if (image.naturalWidth * image.naturalHeight > MAX_DOTS)
		throw new Trouble("huge");
	await image.decode().catch(() => {
		throw new Trouble("corrupt");
	});
	return image;
}

async function keys() {
	issuer ??= fetch("/.well-known/did.json", { redirect: "error", credentials: "omit" })
	    .then((response) => response.text()).then(keysOf)
	    .catch(() => ({ id: "", keys: [] }));
	return (await issuer).keys;
}

function element(name, text, className = "") {
	const made = document.createElement(name);

	made.textContent = text;
	made.className = className;
	return made;
}

function gateText(gate) {
	return document.querySelector(`[data-gate="${gate}"] .gate`).textContent;
}

/* The label's page on this site, where it is checked in full. */
function link(text) {
	const url = new URL(text), made = element("a", section.dataset.open);

	made.href = url.pathname + url.search + url.hash;
	return made;
}

function verdictPut(item, text, { label, failed, reason }) {
	const ok = failed === undefined, said = document.getElementById("proof");

	item.className = ok ? "ok" : "no";
	item.append(element("span", ok ? "✓ " : "✗ ", "mark"));
	if (label === undefined) {
		item.append(element("span", `${section.dataset.other}${text.slice(0, 200)}`));
		return;
	}
	item.append(element("span", `${label.gtin ?? label.handle} ${label.lot ?? ""} ` +
	    `${label.serial ?? ""}: ${numberText(label.total, label.exponent)} kg CO₂e / ` +
	    `${said.dataset[label.unit] ?? label.unit} `), link(text));
	if (!ok)
		item.append(element("div", `${gateText(failed)}: ` +
		    reasonText(reason, said), "result"));
}

async function show(texts) {
	const jwks = await keys();

	list.replaceChildren();
	say(texts.length === 0 ? "none" : texts.length === 1 ? "one" : "several", texts.length);
	for (const text of texts) {
		const item = document.createElement("li");
		const verdict = await labelVerify(text, jwks, Date.now() / 1000);

		verdictPut(item, text, verdict);
		item.dataset.failed = verdict.failed ?? "";
		list.append(item);
	}
	section.dataset.done = texts.length;
}

function trouble(error) {
	if (!(error instanceof Trouble))
		throw error;
	say(error.message);
	section.dataset.done = error.message;
}

export async function photoRead(file) {
	delete section.dataset.done;
	cameraStop();
	list.replaceChildren();
	say("reading");
	try {
		const image = await pictureOpen(file);

		await show(await decode(image, image.naturalWidth, image.naturalHeight));
	} catch (error) {
		trouble(error);
	}
}

function cameraStop() {
	stream?.getTracks().forEach((track) => track.stop());
	stream = null;
	view.srcObject = null;
	view.hidden = true;
	button.textContent = section.dataset.camera;
}

async function cameraStart() {
	try {
		stream = await navigator.mediaDevices.getUserMedia({ audio: false,
			video: { facingMode: "environment", width: { ideal: 1280 } } });
	} catch {
		throw new Trouble("noCamera");
	}
	view.hidden = false;
	view.srcObject = stream;
	button.textContent = section.dataset.stop;
	say("point");
}

/* Until a code is seen or the button is pressed again. */
async function cameraRead() {
	const mine = stream;

	while (stream === mine) {
		const texts = view.videoWidth === 0 ? []
		    : await decode(view, view.videoWidth, view.videoHeight);

		if (texts.length > 0 && stream === mine) {
			cameraStop();
			await show(texts);
			return;
		}
		await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
	}
}

export async function cameraToggle() {
	delete section.dataset.done;
	if (stream !== null) {
		cameraStop();
		state.textContent = "";
		return;
	}
	list.replaceChildren();
	try {
		await cameraStart();
		await cameraRead();
	} catch (error) {
		cameraStop();
		trouble(error);
	}
}
