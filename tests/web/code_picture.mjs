/*
 * Pictures of a code as cameras make them, from the drawing that `tanji label --format svg`
 * makes: turned, blurred, noisy, at so many dots a module.  The same numbers, the same
 * picture: the noise is xorshift from a seed.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { deflateSync } from "node:zlib";
import { prepareZXingModule, writeBarcode } from "zxing-wasm/writer";

const QUIET = 4;

/* A code that the program would not make, with the quiet zone; correction "M" or another. */
export async function codeOf(text, correction = "M") {
	const wasm = createRequire(import.meta.url).resolve("zxing-wasm/writer/zxing_writer.wasm");

	prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } });
	const { symbol, error } = await writeBarcode(text, { format: "QRCode",
		options: `ecLevel=${correction}` });
	if (symbol === null)
		throw new Error(error);
	const side = symbol.width + 2 * QUIET;
	const dark = Array.from({ length: side }, () => new Array(side).fill(false));

	symbol.data.forEach((shade, i) => {
		dark[QUIET + Math.floor(i / symbol.width)][QUIET + i % symbol.width] = shade === 0;
	});
	return dark;
}

/* The modules, rows of booleans with the quiet zone: "M5 4h7v1h-7z…" of the first path. */
export function codeModules(svg) {
	const path = /<path[^>]* d="([^"]*)"/.exec(svg)[1];
	const runs = [...path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)]
	    .map((run) => run.slice(1).map(Number));
	const side = Math.max(...runs.map(([x, , n]) => x + n)) + QUIET;
	const dark = Array.from({ length: side }, () => new Array(side).fill(false));

	for (const [x, y, n] of runs)
		dark[y].fill(true, x, x + n);
	return dark;
}

export const versionOf = (dark) => (dark.length - 2 * QUIET - 17) / 4;

function random(seed) {
	let state = BigInt(seed) * 0x9e3779b97f4a7c15n & 0xffffffffffffffffn | 1n;

	return () => {
		state ^= state >> 12n;
		state ^= state << 25n & 0xffffffffffffffffn;
		state ^= state >> 27n;
		return Number((state * 0x2545f4914f6cdd1dn >> 11n & 0x1fffffffffffffn)) / 2 ** 53;
	};
}

/* The mean of SUB by SUB points in each dot: what falls on a camera's cell. */
const SUB = 4;

function render(dark, dots, degrees, width, height) {
	const [sin, cos] = [Math.sin(degrees * Math.PI / 180), Math.cos(degrees * Math.PI / 180)];
	const out = new Float64Array(width * height), half = dark.length / 2;

	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) {
			let white = 0;

			for (let s = 0; s < SUB * SUB; s++) {
				const dx = (x + (s % SUB + 0.5) / SUB - width / 2) / dots;
				const dy = (y + (Math.floor(s / SUB) + 0.5) / SUB - height / 2) / dots;
				const u = Math.floor(cos * dx + sin * dy + half);
				const v = Math.floor(cos * dy - sin * dx + half);

				white += dark[v]?.[u] !== true;
			}
			out[y * width + x] = 20 + 215 * white / (SUB * SUB);
		}
	return out;
}

/* Gaussian, rows then columns; sigma in dots. */
function blur(from, width, height, sigma) {
	const reach = Math.ceil(3 * sigma);
	const weights = Array.from({ length: 2 * reach + 1 }, (_, i) =>
	    Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
	const total = weights.reduce((a, b) => a + b);
	const pass = (source, step, length) => source.map((_, i) => {
		const at = Math.floor(i / step) % length;

		return weights.reduce((sum, weight, w) => {
			const other = Math.min(length - 1, Math.max(0, at + w - reach));

			return sum + weight * source[i + (other - at) * step];
		}, 0) / total;
	});

	return sigma === 0 ? from : pass(pass(from, 1, width), width, height);
}

/* { width, height, gray }; blur in modules, noise as a deviation of 256 shades. */
export function codePicture(dark, { dots, degrees = 0, blurred = 0, noise = 0, seed = 1,
    width, height }) {
	const side = Math.ceil(dark.length * dots * 1.45);
	const [w, h] = [width ?? side, height ?? side], next = random(seed);
	const sharp = render(dark, dots, degrees, w, h);
	const gray = Uint8Array.from(blur(sharp, w, h, blurred * dots), (shade) => {
		const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

		return Math.max(0, Math.min(255, Math.round(shade + noise * normal)));
	});

	return { width: w, height: h, gray };
}

export function pgm({ width, height, gray }) {
	return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), gray]);
}

/* Frames for a browser's fake camera, all alike; sides must be even. */
export function y4m({ width, height, gray }, frames) {
	const chroma = Buffer.alloc(width * height / 2, 128);
	const frame = [Buffer.from("FRAME\n"), Buffer.from(gray), chroma];

	return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`),
		...Array.from({ length: frames }, () => frame).flat()]);
}

function crc32(bytes) {
	let crc = -1;

	for (const byte of bytes) {
		crc ^= byte;
		for (let k = 0; k < 8; k++)
			crc = crc & 1 ? crc >>> 1 ^ 0xedb88320 : crc >>> 1;
	}
	return (crc ^ -1) >>> 0;
}

function chunk(kind, data) {
	const body = Buffer.concat([Buffer.from(kind), data]), out = Buffer.alloc(8);

	out.writeUInt32BE(data.length);
	out.writeUInt32BE(crc32(body), 4);
	return Buffer.concat([out.subarray(0, 4), body, out.subarray(4)]);
}

/* `bits` 8: gray as it is; 1: all white, of any size. */
export function png({ width, height, gray }, bits = 8) {
	const bytes = Math.ceil(width * bits / 8), head = Buffer.alloc(13);
	const rows = Buffer.alloc((bytes + 1) * height, bits === 1 ? 255 : 0);

	head.writeUInt32BE(width);
	head.writeUInt32BE(height, 4);
	head[8] = bits;
	for (let y = 0; y < height; y++) {
		rows[y * (bytes + 1)] = 0;		/* no filter */
		if (gray !== undefined)
			rows.set(gray.subarray(y * width, (y + 1) * width), y * (bytes + 1) + 1);
	}
	return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head),
		chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}
