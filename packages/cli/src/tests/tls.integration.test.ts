import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it, vi } from "vitest";
import { LAUNCHER, switchboard } from "../test-support/switchboard.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** `switchboard start --tls` in a directory of its own; resolves when it is ready. */
async function startWithTls(stateDirectory: string) {
  const { HOME, PATH, TMPDIR } = process.env;
  const child = spawn(process.execPath, ["--conditions=@switchboard/source", LAUNCHER, "start", "--tls", "--json"], {
    env: { HOME, PATH, TMPDIR, SWITCHBOARD_STATE_DIR: stateDirectory, GATEWAY_PORT: "0", LOG_LEVEL: "silent" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = await new Promise<{ url: string; tlsFingerprint: string }>((resolve, reject) => {
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.trimEnd().endsWith("}")) resolve(JSON.parse(said));
    });
    void ended.then(() => reject(new Error(`it ended: ${said}`)));
  });
  return {
    ...ready,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

describe("switchboard with TLS", () => {
  it("DEV-11 start --tls encrypts, and its own commands know its certificate without being told", async () => {
    await using place = await temporaryDirectory();
    const stateDirectory = place.path;
    await using gateway = await startWithTls(stateDirectory);
    expect(gateway.url).toMatch(/^https:/);
    expect(gateway.tlsFingerprint).toMatch(/^[0-9a-f]{64}$/);
    for (const address of [[], ["--url", gateway.url], ["--url", gateway.url.replace("https", "wss")]]) {
      const { code, stdout, stderr } = await switchboard(["status", ...address, "--json"], { stateDirectory });
      expect([code, stderr]).toEqual([0, ""]);
      expect(JSON.parse(stdout)).toMatchObject({ runtimeVersion: expect.any(String) });
    }
  });

  it("CVE-2026-100551 its commands speak to no other certificate, and do not fall back to the state directory", async () => {
    await using place = await temporaryDirectory();
    const stateDirectory = place.path;
    await using gateway = await startWithTls(stateDirectory);
    const note = join(stateDirectory, "running.json");
    const known = readFileSync(note, "utf8");
    writeFileSync(note, known.replace(gateway.tlsFingerprint, "0".repeat(64)));
    const changed = await switchboard(["status", "--json"], { stateDirectory });
    expect(changed.code).not.toBe(0);
    expect(changed.stdout + changed.stderr).toContain("SEC_006");
    // Without a pin nobody vouches for it.
    writeFileSync(note, JSON.stringify({ url: "https://127.0.0.1:1", pid: 1 }));
    const unpinned = await switchboard(["status", "--url", gateway.url, "--json"], { stateDirectory });
    expect(unpinned.stdout + unpinned.stderr).toContain("SYS_004");
    const args = ["status", "--url", gateway.url, "--tls-fingerprint", gateway.tlsFingerprint, "--json"];
    expect((await switchboard(args, { stateDirectory })).code).toBe(0);
  });
});
