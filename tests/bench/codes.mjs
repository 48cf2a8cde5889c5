/* codes.mjs FOLDER PICTURES: see codes.sh.  FOLDER has item.svg, handle.svg, thing.svg. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import { codeModules, codeOf, codePicture, pgm, versionOf } from "./code_picture.mjs";

const [folder, pictures] = [process.argv[2], Number(process.argv[3])];
const MODULE_MM = 0.396, DOTS = [1.5, 2, 2.5, 3, 4];
const wasm = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
const label = (name) => codeModules(readFileSync(`${folder}/${name}.svg`, "utf8"));

prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } });

/* Beside our own: shorter and longer texts, and more correction. */
const CODES = [
	["GTIN and serial", label("item")], ["GTIN, lot and serial", label("thing")],
	["handle", label("handle")],
	["a link alone, 51 letters", await codeOf(`https://id.tyre.example/${"01".repeat(14)}`)],
	["330 letters, correction Q", await codeOf(`https://id.tyre.example/?C=${"AB".repeat(150)}`,
	    "Q")],
	["600 letters", await codeOf(`https://id.tyre.example/?C=${"AB".repeat(286)}`)],
];

async function zxingReads({ width, height, gray }) {
	const data = new Uint8ClampedArray(width * height * 4);

	gray.forEach((shade, i) => data.set([shade, shade, shade, 255], i * 4));
	const found = await readBarcodes({ data, width, height, colorSpace: "srgb" },
	    { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });

	return found.some((code) => code.isValid);
}

/* All in one call: of each picture that is read, its name. */
function zbarReads(images) {
	mkdirSync(`${folder}/pictures`);
	const names = images.map((image, i) => {
		const name = `${folder}/pictures/${i}.pgm`;

		writeFileSync(name, pgm(image));
		return name;
	});
	let out = "";

	try {
		out = execFileSync("zbarimg", ["-q", "--xml", "-Sdisable", "-Sqrcode.enable",
			...names], { stdio: ["ignore", "pipe", "ignore"] }).toString();
	} catch (error) {
		out = error.stdout.toString();	/* status 4: in some there is none */
	}
	rmSync(`${folder}/pictures`, { recursive: true });
	return (out.match(/<source [^]*?<[/]source>/g) ?? [])
	    .filter((source) => source.includes("<symbol ")).length;
}

function picturesOf(dark, dots) {
	return Array.from({ length: pictures }, (_, i) => codePicture(dark, { dots, seed: i + 1,
		degrees: 24 * (i + 0.5) / pictures - 12, blurred: 0.35, noise: 6 }));
}

console.log(`of ${pictures}: turned by up to 12 degrees, blurred by 0.35 module, ` +
    "noise of 6 in 256 shades; zbarimg / zxing-wasm");
console.log(`| code | version | mm | ${DOTS.map((dots) => `${dots} dots`).join(" | ")} |`);
console.log(`|---|---|---${"|---".repeat(DOTS.length)}|`);
for (const [name, dark] of CODES) {
	const cells = [];

	for (const dots of DOTS) {
		const images = picturesOf(dark, dots);
		let zxing = 0;

		for (const image of images)
			zxing += await zxingReads(image);
		cells.push(`${zbarReads(images)} / ${zxing}`);
	}
	console.log(`| ${name} | ${versionOf(dark)} | ${(dark.length * MODULE_MM).toFixed(1)} | ` +
	    `${cells.join(" | ")} |`);
}
