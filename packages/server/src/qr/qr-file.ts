/**
 * A QR code as a file, for channels that send files (DEV-6). What it shows lets a device in, so it lies in a directory
 * that only its owner can enter, and is removed as soon as it was used. What a crash leaves behind goes with the next
 * sweep.
 */
import { lstat, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { qrPng } from "./qr.ts";

const PREFIX = "device-pair-qr-";
/** No code that is shown lives longer, so nobody uses an older file any more. */
export const QR_FILE_LIFE_MS = 180_000;

export interface QrFileOptions {
  /** Where directories for temporary files are made; default the system's. */
  readonly directory?: string;
  /** Directories that are older than this belong to nobody any more; default `QR_FILE_LIFE_MS`. */
  readonly lifeMs?: number;
}

/**
 * Draws the text as a PNG and calls `use` with the file's path. The file is there until `use` is done, however that
 * ends. @throws REQ_003 when the text is too long, and what `use` throws.
 */
export async function withQrPng<T>(
  text: string,
  use: (path: string) => Promise<T> | T,
  options: QrFileOptions = {},
): Promise<T> {
  await sweepQrFiles(options);
  const png = await qrPng(text);
  // Mode 0700 from the start, under a name that nobody can foresee.
  const directory = await mkdtemp(join(options.directory ?? tmpdir(), PREFIX));
  try {
    const path = join(directory, "setup-code.png");
    await writeFile(path, png, { mode: 0o600, flag: "wx" });
    return await use(path);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Removes what crashed processes of this user left behind. Resolves with how many directories that were. */
export async function sweepQrFiles({ directory = tmpdir(), lifeMs = QR_FILE_LIFE_MS }: QrFileOptions = {}) {
  const { uid } = userInfo();
  const names = await readdir(directory).catch(() => []);
  let removed = 0;
  for (const name of names.filter((each) => each.startsWith(PREFIX))) {
    const path = join(directory, name);
    const found = await lstat(path).catch(() => undefined);
    // A link, or what belongs to somebody else, may point the removal anywhere.
    if (!found?.isDirectory() || (uid >= 0 && found.uid !== uid) || Date.now() - found.mtimeMs <= lifeMs) continue;
    // Removes links that it finds inside, never what they point to.
    await rm(path, { recursive: true, force: true }).then(
      () => {
        removed += 1;
      },
      () => {},
    );
  }
  return removed;
}
