/** What a QR reader reads. */
import { createRequire } from "node:module";
import { PNG } from "pngjs";

type Reader = (pixels: Uint8ClampedArray, width: number, height: number) => { readonly data: string } | null;

// A CommonJS module with a default export, which Node and the test runner import differently.
const require = createRequire(import.meta.url);
const { default: read } = require("jsqr") as { readonly default: Reader };

/** `pixels` are red, green, blue, alpha; `undefined` when there is no code in them. */
export function readQrPixels(pixels: Uint8ClampedArray, width: number, height: number): string | undefined {
  return read(pixels, width, height)?.data;
}

export function readQrPng(png: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(png);
  return readQrPixels(new Uint8ClampedArray(data), width, height);
}
