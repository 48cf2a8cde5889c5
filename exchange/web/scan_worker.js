/*
 * Reads the codes of a picture, beside the page: WebAssembly is allowed here and not there.
 * { pixels, width, height } in, { texts } or { failed } out.
 */
/* global ZXingWASM */
importScripts("/tanji/scanner.js");

const MOST_CODES = 64;
const ready = ZXingWASM.prepareZXingModule({ fireImmediately: true,
	overrides: { locateFile: () => "/tanji/scanner.wasm" } });

ready.catch(() => {});		/* told of with the first picture */

onmessage = async ({ data }) => {
	try {
		await ready;
		const picture = new ImageData(data.pixels, data.width, data.height);
		const found = await ZXingWASM.readBarcodes(picture, { formats: ["QRCode"],
			tryHarder: true, maxNumberOfSymbols: MOST_CODES });

		postMessage({ texts: found.filter((code) => code.isValid)
		    .map((code) => code.text) });
	} catch (error) {
		postMessage({ failed: String(error) });
	}
};
