/*
 * page_test.mjs LINK ISSUER IN OUT: the page behind a label in Debian's Chromium, as a reader
 * meets it: LINK is what the code on the product says, served here; in the folder IN are the
 * label as print (label.png, label.svg) and the proof of another log.  Screenshots go to OUT.
 */
import assert from "node:assert/strict";
import { execSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { connect, createServer } from "node:net";
import { chromium } from "playwright-core";
import { codeModules, codeOf, codePicture, png, y4m } from "./code_picture.mjs";

const [link, issuer, scratch, out] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const origin = new URL(link).origin;
const PHONE = { width: 390, height: 844 }, DESKTOP = { width: 1280, height: 900 };

const NOW = "2026-10-20";		/* the label, and the status lists, are valid */
const modules = codeModules(readFileSync(`${scratch}/label.svg`, "utf8"));
const film = `${scratch}/camera.y4m`;

writeFileSync(film, y4m(codePicture(modules, { dots: 5, degrees: 8, blurred: 0.3, noise: 6,
	width: 640, height: 480 }), 2));
const browser = await chromium.launch({
	executablePath: "/usr/bin/chromium",
	args: ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
		`--use-file-for-fake-video-capture=${film}`,
		"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update",
		"--disable-sync"],
});

/* A page that notes what it may not do: errors, CSP reports, requests elsewhere. */
async function open(url, options = {}, prepare = async () => {}) {
	const context = await browser.newContext({ viewport: PHONE, locale: "en-GB", ...options });
	const page = await context.newPage(), faults = [];

	await context.clock.setFixedTime(NOW);

	page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
	page.on("console", (message) => {
		if (/Content Security Policy/i.test(message.text()))
			faults.push(message.text());
	});
	page.on("request", (request) => {
		if (new URL(request.url()).origin !== origin)
			faults.push(`third party: ${request.url()}`);
	});
	await prepare(page);
	await page.goto(url, { waitUntil: "load" });
	return { page, faults, context };
}

async function verdictOf(page) {
	await page.waitForSelector("html[data-verdict]", { timeout: 60000 });
	return await page.evaluate(() => document.documentElement.dataset.verdict);
}

const failedGates = (page) => page.$$eval("#proof li.no", (items) =>
    items.map((item) => item.dataset.gate));

/* On a Chinese page, which tells why in Chinese: names stand in it, and no English. */
async function refused(name, url, gate, prepare) {
	const { page, faults, context } = await open(url, { locale: "zh-CN" }, prepare);

	assert.equal(await verdictOf(page), "no", name);
	assert.ok((await failedGates(page)).includes(gate), `${name}: ${await failedGates(page)}`);
	const why = await page.textContent(`[data-gate="${gate}"] .result`);

	assert.match(why, /\p{Script=Han}/u, name);
	assert.doesNotMatch(why, /[a-z] [a-z]|\{\d\}/i, name);
	assert.deepEqual(faults, [], name);
	console.log(`refused: ${name}: ${gate}: ${why}`);
	await context.close();
}

/* The server's answer to a request, with other words in it. */
const lie = (path, change) => async (page) => {
	await page.route((url) => url.pathname === path, async (route) => {
		const response = await route.fetch();

		await route.fulfill({ response, body: change(await response.text()) });
	});
};

async function accepted() {
	const { page, faults, context } = await open(link);

	assert.equal(await verdictOf(page), "ok");
	assert.equal((await page.$$("#proof li.ok")).length, 8);
	assert.match(await page.textContent('[data-gate="log"]'),
	    /entry \d+ of tyre.example\/log; witnesses who cosigned it: 2/);
	assert.match(await page.textContent("#issuer"), new RegExp(issuer));
	await context.setOffline(true);		/* nothing more is needed */
	assert.equal(await page.evaluate(async (url) => {
		const { labelVerify } = await import("/tanji/label.js");

		return (await labelVerify(url, [], 0)).failed;
	}, link), "signature");
	assert.deepEqual(faults, []);
	await context.close();
	console.log("accepted, and no fault of policy or third party");
}

/* The scripts have no word for a reason that the page has no text for, and no text is idle. */
async function reasons() {
	const { page, context } = await open(link);
	const known = await page.$eval("#proof", (proof) => proof.getAttributeNames()
	    .filter((name) => name.startsWith("data-why-")).map((name) => name.slice(9)));
	const [gates, scripts] = await page.evaluate(async () => [
		(await import("/tanji/label.js")).GATES,
		await Promise.all(["page", "label", "jws", "tlog", "tlog_policy",
		    "status", "scan"].map(
		    async (name) => (await fetch(`/tanji/${name}.js`)).text()))]);
	const words = scripts.flatMap((text) =>
	    [...text.matchAll(/(?:Reason|LabelError|malformed)\([^;]*/g)])
	    .flatMap(([call]) => [...call.matchAll(/"([a-z0-9-]+)"/g)])
	    .map(([, word]) => word).filter((word) => !gates.includes(word));

	assert.ok(words.length > 30, `${words}`);
	assert.deepEqual(words.filter((word) => !known.includes(word)), []);
	assert.deepEqual(known.filter((word) => word !== "unreadable" &&
	    !scripts.some((text) => text.includes(`"${word}"`))), []);
	await context.close();
	console.log(`reasons: ${known.length}, each with its text`);
}

/* What is no label at all, as the server says it. */
async function malformed() {
	const { page, context } = await open(`${link.replace(code, "AAAA")}&lang=zh`);

	assert.equal(await verdictOf(page), "no");
	assert.equal(await page.textContent('[data-gate="form"] .result'), "编码的签名格式不是标签所用的");
	assert.match(await page.textContent("main"), /C= 之后的内容不是标签编码/);
	await context.close();
}

/* A browser without Ed25519 says what it cannot check, and sees who has not even signed. */
async function withoutEd25519() {
	const old = (page) => page.addInitScript(() => {
		const { importKey } = SubtleCrypto.prototype;

		SubtleCrypto.prototype.importKey = function (form, key, algorithm, ...more) {
			return algorithm !== "Ed25519"
			    ? importKey.call(this, form, key, algorithm, ...more)
			    : Promise.reject(new DOMException("none", "NotSupportedError"));
		};
	});
	const { page, context } = await open(link, {}, old);

	assert.equal(await verdictOf(page), "ok");
	assert.equal(await page.getAttribute('[data-gate="log"]', "class"), "skip");
	assert.match(await page.textContent('[data-gate="log"]'), /cannot check witnesses/);
	await context.close();
	await refused("no quorum, without Ed25519", link, "log", async (page) => {
		await old(page);
		await lie("/tanji/proof", withoutB)(page);
	});
}

/* What this site does not have is told, and is no lie. */
async function withheld() {
	const gone = async (page) => {
		for (const what of ["proof", "status"])
			await page.route((url) => url.pathname === `/tanji/${what}`, (route) =>
			    route.fulfill({ status: 404, body: "none" }));
	};
	const { page, context } = await open(link, {}, gone);

	assert.equal(await verdictOf(page), "ok");
	assert.deepEqual(await page.$$eval("#proof li.skip", (items) =>
	    items.map((item) => item.dataset.gate)), ["log", "status"]);
	await context.close();
	console.log("withheld: told as not checked");
}

async function looks() {
	const schemes = [["light", "en"], ["dark", "zh"]];

	for (const [name, viewport] of [["phone", PHONE], ["desktop", DESKTOP]])
		for (const [colorScheme, lang] of schemes) {
			const { page, context } = await open(link, { viewport, colorScheme,
				locale: lang === "zh" ? "zh-CN" : "en-GB" });

			await verdictOf(page);
			assert.equal(await page.getAttribute("html", "lang"),
			    lang === "zh" ? "zh-CN" : "en");
			assert.equal(await page.textContent("#unit"), lang === "zh" ? "件" : "piece");
			await page.screenshot({ fullPage: true,
				path: `${out}/page-${name}-${colorScheme}-${lang}.png` });
			assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <=
			    innerWidth), "no sideways scrolling");
			await context.close();
		}
}

async function accessible() {
	for (const colorScheme of ["light", "dark"]) {
		const { page, context } = await open(link, { colorScheme });

		await verdictOf(page);
		await page.evaluate(axe).catch(() => {});	/* CSP: not into the page itself */
		const session = await context.newCDPSession(page);

		await session.send("Page.setBypassCSP", { enabled: true });
		await page.reload();
		await verdictOf(page);
		await page.addScriptTag({ content: axe });
		const { violations } = await page.evaluate(() => globalThis.axe.run());
		const bad = violations.filter(({ impact }) => ["serious", "critical"]
		    .includes(impact));

		assert.deepEqual(bad.map(({ id, nodes }) => [id, nodes[0].html]), []);
		console.log(`axe, ${colorScheme}: ${violations.length} minor remarks`);
		await context.close();
	}
}

async function withoutScript() {
	const { page, context } = await open(link, { javaScriptEnabled: false });

	assert.match(await page.textContent("#total"), /^\d+\.\d+$/);
	assert.match(await page.textContent("noscript"), /JavaScript/);
	await page.screenshot({ path: `${out}/page-without-script.png`, fullPage: true });
	await context.close();
}

/*
 * A phone's connection before the server: 1.6 Mbit/s for all, 150 ms there and back, and once
 * more for a connection to be made.  Chromium's own throttling leaves workers alone.
 */
async function phoneLine() {
	const line = { bytes: 0 }, BYTES_PER_MS = 200, WAY_MS = 75;
	let free = 0;
	const server = createServer((client) => {
		const upstream = connect(Number(new URL(link).port), "127.0.0.1");
		const opened = Date.now() + 2 * WAY_MS;
		const end = () => [client, upstream].forEach((socket) => socket.destroy());

		client.on("data", (data) => setTimeout(() => upstream.write(data),
		    Math.max(opened - Date.now(), 0) + WAY_MS));
		upstream.on("data", (data) => {
			line.bytes += data.length;
			free = Math.max(free, Date.now()) + data.length / BYTES_PER_MS;
			setTimeout(() => client.write(data), free - Date.now() + WAY_MS);
		});
		for (const socket of [client, upstream])
			socket.on("error", end).on("close", end);
	});

	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	line.port = server.address().port;
	line.close = () => server.close();
	return line;
}

/* When verdicts come, by the page itself: asking it would take its processor's time. */
async function announced(page, session) {
	const heard = {};

	await page.addInitScript(() => new MutationObserver((changes) => {
		for (const { target, attributeName } of changes)
			if (target.hasAttribute(attributeName))
				console.debug(attributeName);
	}).observe(document, { subtree: true, attributeFilter: ["data-verdict", "data-done"] }));
	await session.send("Runtime.enable");
	session.on("Runtime.consoleAPICalled", ({ args, timestamp }) => {
		heard[args[0].value] = timestamp;
	});
	return heard;
}

/* First view over it, with a processor four times slower; then the scanner. */
async function weightAndTime() {
	const { page, context } = await open("about:blank");
	const session = await context.newCDPSession(page), line = await phoneLine();
	const heard = await announced(page, session);
	const begun = Date.now();

	await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
	await page.goto(link.replace(/:\d+/, `:${line.port}`));
	await verdictOf(page);
	console.log(`first view: ${line.bytes} bytes, verdict after ` +
	    `${Math.round(heard["data-verdict"] - begun)} ms`);
	const [before, asked] = [line.bytes, Date.now()];

	await scanned(page, png(codePicture(modules, { dots: 4 })));
	console.log(`scanner, from asking to its verdict: ${line.bytes - before} bytes, ` +
	    `${Math.round(heard["data-done"] - asked)} ms`);
	await context.close();
	line.close();
}

/* What the scanner says of a picture or a file: how many codes, or why none, and the failed gates. */
async function scanned(page, picture) {
	await page.evaluate(() => delete document.getElementById("scan").dataset.done);
	await page.setInputFiles("#photo", typeof picture === "string" ? picture :
	    { name: "p.png", mimeType: "image/png", buffer: picture });
	return await scanDone(page);
}

async function scanDone(page) {
	await page.waitForSelector("#scan[data-done]", { timeout: 120000 });
	return await page.evaluate(() => [document.getElementById("scan").dataset.done,
		...Array.from(document.querySelectorAll("#scanned li"), (li) => li.dataset.failed)]);
}

function beside(a, b) {
	const width = a.width + b.width, height = Math.max(a.height, b.height);
	const gray = new Uint8Array(width * height).fill(235);

	for (const [from, picture] of [[0, a], [a.width, b]])
		for (let y = 0; y < picture.height; y++)
			gray.set(picture.gray.subarray(y * picture.width,
			    (y + 1) * picture.width), y * width + from);
	return { width, height, gray };
}

async function photos() {
	const { page, faults, context } = await open(link);
	const loaded = [];
	const good = codePicture(modules, { dots: 4, degrees: -7, blurred: 0.4, noise: 10 });
	const bad = codePicture(await codeOf(link.replace(code, swap(code, code.length - 20))),
	    { dots: 4 });
	const white = { width: 400, height: 400, gray: new Uint8Array(160000).fill(255) };
	const print = readFileSync(`${scratch}/label.png`);

	await verdictOf(page);
	page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
	assert.deepEqual(await scanned(page, png(good)), ["1", ""]);
	assert.ok(loaded.includes("/tanji/scanner.wasm"), "the scanner comes when asked for");
	assert.deepEqual(await scanned(page, print), ["1", ""]);
	await page.screenshot({ fullPage: true, path: `${out}/page-scanned.png` });
	assert.deepEqual(await scanned(page, png(bad)), ["1", "signature"]);
	assert.match(await page.textContent("#scanned"),
	    /Signed with the issuer's key: no key of the issuer signed it/);
	assert.deepEqual((await scanned(page, png(beside(good, bad)))).sort(),
	    ["", "2", "signature"]);
	assert.deepEqual(await scanned(page, png(white)), ["0"]);
	assert.match(await page.textContent("#scan-state"), /No code/);
	assert.deepEqual(await scanned(page, png({ width: 9000, height: 9000 }, 1)), ["huge"]);
	writeFileSync(`${scratch}/huge`, "");
	truncateSync(`${scratch}/huge`, 33 << 20);
	assert.deepEqual(await scanned(page, `${scratch}/huge`), ["huge"]);
	assert.deepEqual(await scanned(page, print.subarray(0, 20)), ["corrupt"]);
	assert.deepEqual(await scanned(page, print.subarray(0, 2000)), ["0"]);
	assert.deepEqual(await scanned(page, Buffer.from("GIF89a")), ["corrupt"]);
	await context.setOffline(true);		/* keys and reader are here */
	assert.deepEqual(await scanned(page, png(good)), ["1", ""]);
	assert.deepEqual(faults, []);
	await context.close();
	console.log("photos: one, tampered, two, none, two huge, two corrupt, without a network");
}

async function camera() {
	const { page, faults, context } = await open(link);

	await page.click("#camera");
	assert.deepEqual(await scanDone(page), ["1", ""]);
	assert.equal(await page.isVisible("#view"), false, "the camera is off again");
	assert.deepEqual(faults, []);
	await context.close();
	console.log("camera: a code that is turned, blurred and noisy");
}

/* What the issuer took back; $REVOKE does so. */
async function revoked() {
	execSync(process.env.REVOKE);
	await refused("a declaration that was revoked", link, "status");
}

async function withoutScanner() {
	const { page, context } = await open(link, {}, lie(new URL(link).pathname, (text) =>
	    text.replace(/<section id="scan"[^]*?<[/]section>/, "")));

	assert.equal(await verdictOf(page), "ok");
	await context.close();
}

const code = link.split("C=")[1];
const withoutB = (proof) => proof.replace(/\u2014 b.example .*\n/, "");
const swap = (text, at) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") +
    text.slice(at + 1);

await accepted();
await reasons();
await malformed();
await refused("a changed signature", link.replace(code, swap(code, code.length - 20)),
    "signature");
await refused("a changed figure", link.replace(code, swap(code, 110)), "form")
    .catch(() => refused("a changed figure", link.replace(code, swap(code, 110)), "signature"));
await refused("another serial", link.replace("/21/S-1?", "/21/S-2?"), "link");
await refused("another key", link, "signature", lie("/.well-known/did.json",
    (text) => text.replace(/"x":"(.)/g, (all, c) => `"x":"${c === "A" ? "B" : "A"}`)));
await refused("an altered declaration", link, "declared", lie("/tanji/declaration",
    (text) => swap(text, 500)));
await refused("an altered proof", link, "log", lie("/tanji/proof", (text) =>
    text.replace(/\nindex (\d+)\n/, (_, n) => `\nindex ${Number(n) ^ 1}\n`)));
await refused("a checkpoint of another root", link, "log", lie("/tanji/proof", (text) =>
    text.replace(/(\n\n.*\n\d+\n)(.)/, (_, head, c) => head + (c === "A" ? "B" : "A"))));
await refused("a forged signature of the log", link, "log", lie("/tanji/proof", (text) =>
    text.replace(/(\n\u2014 \S+ .{40})(.)/, (_, head, c) => head + (c === "A" ? "B" : "A"))));
await refused("a forged cosignature", link, "log", lie("/tanji/proof", (text) =>
    text.replace(/(\n\u2014 a.example .{40})(.)/, (_, head, c) => head + (c === "A" ? "B" : "A"))));
await refused("a witness too few", link, "log", lie("/tanji/proof", withoutB));
await refused("a policy without its quorum", link, "log", lie("/tanji/log-policy", (text) =>
    text.replace(/quorum .*\n/, "")));
await withoutEd25519();
await refused("the proof of another log", link, "log", lie("/tanji/proof", () =>
    readFileSync(`${scratch}/lies/other.jws.tlog-proof`, "utf8")));
await refused("an altered status list", link, "status", lie("/tanji/status", (text) =>
    swap(text, 700)));
await refused("another status list", link, "status", async (page) => {
	await page.route("**/tanji/status?list=*", async (route) => {
		const url = route.request().url().replace("refresh", "revocation");

		await route.fulfill({ response: await route.fetch({ url }) });
	});
});
await refused("a page with other figures", link, "shown", lie(new URL(link).pathname,
    (text) => text.replace(/<strong id="total">[^<]*/, '<strong id="total">1.000')));
await withheld();
await photos();
await camera();
await withoutScanner();
await looks();
await accessible();
await withoutScript();
await weightAndTime();
await revoked();
await browser.close();
