import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { readQrPixels, readQrPng } from "../test-support/read-qr.ts";
import { MOST_DATA_URL_CHARACTERS, qrDataUrl, qrLines, qrPng } from "./qr.ts";

/** As long as a setup code with eight addresses and a fingerprint. */
const CODE = "eyJ1cmwiOiJ3c3M6Ly8xOTIuMTY4LjEuNToxODc4OSJ9_-".repeat(14);

/** Draws the lines as a terminal does, dark where a block is. */
function readLines(lines: readonly string[]): string | undefined {
  const scale = 4;
  const width = (lines[0]?.length ?? 0) * scale;
  const height = lines.length * 2 * scale;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const row = Math.floor(y / scale);
      const block = lines[Math.floor(row / 2)]?.[Math.floor(x / scale)] ?? " ";
      const dark = block === "█" || block === (row % 2 === 0 ? "▀" : "▄");
      if (dark) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return readQrPixels(pixels, width, height);
}

describe("a QR code", () => {
  it("DEV-6 as a PNG can be read again; six pixels a module, four modules of margin", async () => {
    for (const text of ["x", "oc-pair://abc", CODE]) expect(readQrPng(await qrPng(text))).toBe(text);
    const { width, height, data } = PNG.sync.read(await qrPng("x"));
    expect([width, height]).toEqual([(21 + 8) * 6, (21 + 8) * 6]);
    const dark = (x: number, y: number) => data[(y * width + x) * 4] === 0;
    expect([dark(23, 23), dark(24, 24), dark(29, 29)]).toEqual([false, true, true]);
  });

  it("DEV-6 as a data URL can be read again and is never larger than the protocol allows", async () => {
    for (const text of ["x", CODE, CODE.repeat(3), "x".repeat(2_331)]) {
      const url = await qrDataUrl(text);
      expect(url.length).toBeLessThanOrEqual(MOST_DATA_URL_CHARACTERS);
      expect(url).toMatch(/^data:image\/png;base64,/);
      expect(readQrPng(Buffer.from(url.split(",")[1] ?? "", "base64"))).toBe(text);
    }
  });

  it("DEV-6 in a terminal can be read again, with its own colours or the terminal's", async () => {
    const plain = await qrLines(CODE, { colour: false });
    expect(readLines(plain)).toBe(CODE);
    expect(new Set(plain.map((line) => line.length)).size).toBe(1);
    const coloured = await qrLines(CODE, { colour: true });
    expect(coloured.map((line) => line.replace("\u001b[30;107m", "").replace("\u001b[0m", ""))).toEqual(plain);
    expect(coloured.every((line) => line.startsWith("\u001b[30;107m") && line.endsWith("\u001b[0m"))).toBe(true);
  });

  it("DEV-6 of a text that is too long is refused, without repeating it", async () => {
    const text = "hunter2".repeat(500);
    for (const draw of [qrPng(text), qrDataUrl(text), qrLines(text, { colour: false })]) {
      await expect(draw).rejects.toMatchObject({ code: "REQ_003" });
      await expect(draw).rejects.not.toThrow("hunter2");
    }
  });
});
