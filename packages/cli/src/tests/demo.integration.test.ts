/** Two demos at once, as happens to whoever forgot one in another window. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it, vi } from "vitest";
import { LAUNCHER, switchboard } from "../test-support/switchboard.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000 });

async function startDemo(directory: string) {
  const child = spawn(
    process.execPath,
    ["--conditions=@switchboard/source", LAUNCHER, "demo", "--directory", directory],
    { env: { ...process.env, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(child, "exit");
  let ready = false;
  for await (const line of createInterface({ input: child.stdout })) {
    ready = line.includes("Open http://");
    if (ready) break;
  }
  if (!ready) throw new Error(`The demo ended with ${await ended} before it was ready.`);
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

it("OPS-1 a second demo on the same directory says so and leaves the ports of the first alone", async () => {
  const place = await temporaryDirectory();
  const ports = () => readFileSync(join(place.path, "ports.json"), "utf8");
  {
    await using _first = await startDemo(place.path);
    const before = ports();
    const second = await switchboard(["demo", "--directory", place.path], { stateDirectory: place.path });
    expect([second.code, second.stderr]).toEqual([1, expect.stringContaining("STORE_004")]);
    expect(ports()).toBe(before);
    expect(Object.keys(JSON.parse(before))).toContain("gateway");
  }
  await place.remove();
});
