/** A small picture made on the spot, so that nothing has to be fetched or shipped. */
import { crc32, deflateSync } from "node:zlib";

const SIDE = 192;

/** A PNG of a soft colour gradient; every seed gives another one. */
export function gradientPng(seed: number): Uint8Array {
  const rows = Buffer.alloc(SIDE * (1 + SIDE * 3));
  const hue = (seed % 360) / 360;
  for (let y = 0; y < SIDE; y++) {
    let at = y * (1 + SIDE * 3);
    // The row's filter: each byte is the difference to the pixel on its left, which a gradient makes nearly constant.
    rows[at++] = 1;
    let left = [0, 0, 0];
    for (let x = 0; x < SIDE; x++) {
      const pixel = [hue + x / SIDE / 2, hue + y / SIDE / 2 + 0.33, hue + (x + y) / SIDE / 4 + 0.66].map(wave);
      for (const [channel, value] of pixel.entries()) rows[at++] = value - (left[channel] ?? 0);
      left = pixel;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  // 8 bits a channel, true colour.
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function wave(turns: number): number {
  return Math.round(160 + 80 * Math.sin(turns * 2 * Math.PI));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
