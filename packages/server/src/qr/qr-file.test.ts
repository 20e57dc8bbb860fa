import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, lstat, mkdir, mkdtemp, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { startTestGateway } from "../test-support/gateway.ts";
import { readQrPng } from "../test-support/read-qr.ts";
import { QR_FILE_LIFE_MS, sweepQrFiles, withQrPng } from "./qr-file.ts";

const posix = process.platform !== "win32";
const TEXT = "eyJ1cmwiOiJ3c3M6Ly9nYXRld2F5LmV4YW1wbGUifQ";

async function makeOld(path: string): Promise<void> {
  const then = (Date.now() - QR_FILE_LIFE_MS) / 1000 - 10;
  await utimes(path, then, then);
}

describe("a QR code's file", () => {
  it("DEV-6 holds the code, is its owner's alone, and is gone afterwards", async () => {
    await using place = await temporaryDirectory();
    const seen = await withQrPng(
      TEXT,
      async (path) => {
        expect(readQrPng(await readFile(path))).toBe(TEXT);
        expect(path).toMatch(/\.png$/);
        expect(basename(dirname(path))).toMatch(/^device-pair-qr-.{6}/);
        expect(dirname(dirname(path))).toBe(place.path);
        if (posix) {
          expect((await stat(path)).mode & 0o777).toBe(0o600);
          expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
        }
        return path;
      },
      { directory: place.path },
    );
    expect(existsSync(seen)).toBe(false);
    expect(await readdir(place.path)).toEqual([]);
  });

  it("DEV-6 is gone when sending it fails, however it fails", async () => {
    await using place = await temporaryDirectory();
    const options = { directory: place.path };
    const failed = new Error("the platform said no");
    await expect(withQrPng(TEXT, () => Promise.reject(failed), options)).rejects.toBe(failed);
    const atOnce = () => {
      throw failed;
    };
    await expect(withQrPng(TEXT, atOnce, options)).rejects.toBe(failed);
    await expect(withQrPng("x".repeat(4_000), () => {}, options)).rejects.toMatchObject({ code: "REQ_003" });
    expect(await readdir(place.path)).toEqual([]);
  });

  it("DEV-6 two at once do not disturb each other", async () => {
    await using place = await temporaryDirectory();
    const options = { directory: place.path };
    await withQrPng(
      "one",
      async (one) => {
        await withQrPng("two", async (two) => expect(dirname(two)).not.toBe(dirname(one)), options);
        expect(existsSync(one)).toBe(true);
      },
      options,
    );
    expect(await readdir(place.path)).toEqual([]);
  });

  it.runIf(posix)("DEV-6 that a killed process left behind goes when it is too old, with the next one", async () => {
    await using place = await temporaryDirectory();
    const program = `
      import { withQrPng } from ${JSON.stringify(new URL("./qr-file.ts", import.meta.url).href)};
      await withQrPng("left behind", (path) => {
        process.stdout.write(path);
        return new Promise((resolve) => setTimeout(resolve, 600_000));
      }, { directory: ${JSON.stringify(place.path)} });`;
    const child = spawn(
      process.execPath,
      ["--conditions=@switchboard/source", "--input-type=module", "--eval", program],
      { stdio: ["ignore", "pipe", "inherit"], cwd: new URL(".", import.meta.url) },
    );
    const path = await new Promise<string>((resolve) => child.stdout.once("data", (data) => resolve(String(data))));
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(path)).toBe(true);
    // It could still be the file of a process that lives.
    await withQrPng(TEXT, () => expect(existsSync(path)).toBe(true), { directory: place.path });
    await makeOld(dirname(path));
    await withQrPng(TEXT, () => expect(existsSync(path)).toBe(false), { directory: place.path });
    expect(await readdir(place.path)).toEqual([]);
  });

  it("DEV-6 that an earlier run left behind goes when the gateway starts", async () => {
    const left = await mkdtemp(join(tmpdir(), "device-pair-qr-"));
    await makeOld(left);
    await using _gateway = await startTestGateway({ account: false, agent: "echo" });
    await expect.poll(() => existsSync(left)).toBe(false);
  });

  it.runIf(posix)("DEV-6 the sweep follows no link and touches nothing else", async () => {
    await using place = await temporaryDirectory();
    const at = (...names: string[]) => join(place.path, ...names);
    await mkdir(at("victim"));
    await writeFile(at("victim", "precious"), "p");
    await mkdir(at("device-pair-qr-stale"));
    await symlink(at("victim"), at("device-pair-qr-stale", "inside"));
    await symlink(at("victim", "precious"), at("device-pair-qr-stale", "setup-code.png"));
    await mkdir(at("device-pair-qr-fresh"));
    await mkdir(at("other-directory"));
    await symlink(at("victim"), at("device-pair-qr-link"));
    await writeFile(at("device-pair-qr-file"), "");
    for (const name of ["victim", "device-pair-qr-stale", "other-directory", "device-pair-qr-file"]) {
      await makeOld(at(name));
    }
    expect(await sweepQrFiles({ directory: place.path })).toBe(1);
    expect((await readdir(place.path)).toSorted()).toEqual([
      "device-pair-qr-file",
      "device-pair-qr-fresh",
      "device-pair-qr-link",
      "other-directory",
      "victim",
    ]);
    expect((await lstat(at("device-pair-qr-link"))).isSymbolicLink()).toBe(true);
    expect(await readdir(at("victim"))).toEqual(["precious"]);
  });

  it.runIf(process.getuid?.() === 0)("DEV-6 the sweep leaves what belongs to somebody else", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "device-pair-qr-theirs");
    await mkdir(path);
    await chown(path, 65_534, 65_534);
    await makeOld(path);
    expect(await sweepQrFiles({ directory: place.path })).toBe(0);
    expect(existsSync(path)).toBe(true);
  });

  it("DEV-6 a directory that cannot be read is no reason to fail", async () => {
    await using place = await temporaryDirectory();
    expect(await sweepQrFiles({ directory: join(place.path, "missing") })).toBe(0);
  });
});
