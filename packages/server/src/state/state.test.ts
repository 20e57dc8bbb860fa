import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { readSecret } from "./secret-file.ts";
import { ensureStateDirectory } from "./state-directory.ts";

describe("the state directory", () => {
  it("OPS-1 is made with what leads to it, once and again", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "a", "b", "c");
    ensureStateDirectory(path);
    ensureStateDirectory(path);
    expect(existsSync(path)).toBe(true);
  });

  it("STORE_003 says so where nothing can be made, instead of trying for ever", async () => {
    await using place = await temporaryDirectory();
    const file = join(place.path, "file");
    writeFileSync(file, "");
    const places = [file, join(file, "in", "it"), ...(existsSync("/proc/self") ? ["/proc/x", "/proc/x/y"] : [])];
    for (const path of places) {
      expect(() => ensureStateDirectory(path)).toThrow(expect.objectContaining({ code: "STORE_003" }));
    }
  });
});

describe("a secret's file", () => {
  it.runIf(process.platform !== "win32")("STORE_003 that others can read: the advice is what helps", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "vault-key");
    writeFileSync(path, "secret\n");
    chmodSync(path, 0o644);
    expect(() => readSecret(path)).toThrow(
      expect.objectContaining({ code: "STORE_003", action: `Run: chmod 600 ${path}` }),
    );
    chmodSync(path, 0o600);
    expect(readSecret(path)).toBe("secret");
  });

  it("STORE_003 that is empty: the advice is what helps", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "gateway-token");
    writeFileSync(path, "", { mode: 0o600 });
    expect(() => readSecret(path)).toThrow(
      expect.objectContaining({
        code: "STORE_003",
        action: "Restore it from a backup, or delete it to start anew.",
      }),
    );
  });
});
