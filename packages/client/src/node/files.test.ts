import { spawn } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { DeviceIdentity } from "../device.ts";
import { fileTokenStore, loadOrCreateDeviceIdentity } from "./index.ts";

const temporaryDirectory = () => mkdtempDisposable(join(tmpdir(), "switchboard-test-"));
const posix = process.platform !== "win32";
const mode = (path: string) => statSync(path).mode & 0o777;

function holds({ publicKey }: DeviceIdentity, text: string, signature: string): boolean {
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, "base64url"));
}

describe("a device's key in a file", () => {
  it("DEV-3 is made once, read again, and its owner's alone", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "deep", "device-key.pem");
    const made = loadOrCreateDeviceIdentity(path);
    const read = loadOrCreateDeviceIdentity(path);
    expect([read.id, read.publicKey]).toEqual([made.id, made.publicKey]);
    expect(readFileSync(path, "utf8")).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(readdirSync(join(place.path, "deep"))).toEqual(["device-key.pem"]);
    if (posix) expect([mode(path), mode(join(place.path, "deep"))]).toEqual([0o600, 0o700]);
    const signature = await read.sign("v3|ü");
    expect(signature).toBe(await made.sign("v3|ü"));
    expect(holds(made, "v3|ü", signature)).toBe(true);
    expect(holds(made, "v3|u", signature)).toBe(false);
  });

  it("DEV-3 has the id and the signature that the protocol's test vector has", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "key.pem");
    const seed = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 1)]);
    const pem = `-----BEGIN PRIVATE KEY-----\n${seed.toString("base64")}\n-----END PRIVATE KEY-----\n`;
    writeFileSync(path, pem, { mode: 0o600 });
    const device = loadOrCreateDeviceIdentity(path);
    expect(device.publicKey).toBe("iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w");
    expect(device.id).toBe("34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e");
    const claim = `v3|${device.id}|cli|cli|operator|operator.read,operator.write|1737264000000|secret|11111111-2222-3333-4444-555555555555|macos 15.1|`;
    expect(await device.sign(claim)).toBe(
      "c6ahXadgQyKOr-GLunnqvwZPH3pNLGErsfHw5Czdd3UgQsaZOG7JCJZeO56kkGEFdCemFHAOC93_oramnkoRAA",
    );
  });

  it.runIf(posix)("DEV-3 that others could read is closed to them", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "key.pem");
    const { id } = loadOrCreateDeviceIdentity(path);
    for (const open of [0o644, 0o640, 0o604, 0o666]) {
      chmodSync(path, open);
      expect(loadOrCreateDeviceIdentity(path).id).toBe(id);
      expect(mode(path)).toBe(0o600);
    }
  });

  it.runIf(process.getuid?.() === 0)("DEV-3 that others can read is refused when that cannot be changed", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "key.pem");
    loadOrCreateDeviceIdentity(path);
    chmodSync(place.path, 0o755);
    chmodSync(path, 0o644);
    const { privateFile, readable } = await asNobody(path);
    expect(readable).toBe(true);
    expect(privateFile).toContain("STORE_003");
    expect(privateFile).toContain(`chmod 600 ${path}`);
    expect(mode(path)).toBe(0o644);
  });

  it("DEV-3 that is none is neither taken nor overwritten, and not repeated", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "key.pem");
    const rsa = "-----BEGIN PRIVATE KEY-----\nhunter2hunter2\n-----END PRIVATE KEY-----\n";
    for (const content of ["", "hunter2", rsa]) {
      writeFileSync(path, content, { mode: 0o600 });
      const load = () => loadOrCreateDeviceIdentity(path);
      expect(load).toThrow(expect.objectContaining({ code: "STORE_003" }));
      expect(load).not.toThrow("hunter2");
      expect(readFileSync(path, "utf8")).toBe(content);
    }
    mkdirSync(join(place.path, "directory"));
    expect(() => loadOrCreateDeviceIdentity(join(place.path, "directory"))).toThrow(
      expect.objectContaining({ code: "STORE_003" }),
    );
    expect(() => loadOrCreateDeviceIdentity(join(path, "under", "a-file"))).toThrow(
      expect.objectContaining({ code: "STORE_003" }),
    );
  });

  it.runIf(posix)("DEV-3 made by many processes at once is one key", { timeout: 180_000 }, async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "key.pem");
    const program = `
      import { loadOrCreateDeviceIdentity } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
      process.stdout.write(loadOrCreateDeviceIdentity(${JSON.stringify(path)}).id);`;
    const ids = await Promise.all(Array.from({ length: 4 }, () => run(program)));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toBe(loadOrCreateDeviceIdentity(path).id);
    expect(readdirSync(place.path)).toEqual(["key.pem"]);
  });
});

describe("device tokens in a file", () => {
  const key = { gateway: "wss://gateway.example.com/", role: "operator" };
  const token = { token: "t", role: "operator", scopes: ["operator.read"], issuedAtMs: 1 };

  it("DEV-4 are kept by gateway and role, replaced and forgotten", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "deep", "tokens.json");
    const store = fileTokenStore(path);
    expect(store.read(key)).toBeUndefined();
    store.forget(key);
    expect(existsSync(path)).toBe(false);
    store.write(key, token);
    store.write({ ...key, role: "node" }, { ...token, token: "n", role: "node" });
    store.write({ ...key, gateway: "wss://other.example/" }, { ...token, token: "o" });
    store.write(key, { ...token, token: "t2" });
    const again = fileTokenStore(path);
    expect(again.read(key)).toEqual({ ...token, token: "t2" });
    expect(again.read({ ...key, role: "node" })).toEqual({ ...token, token: "n", role: "node" });
    expect(again.read({ ...key, role: "__proto__" })).toBeUndefined();
    again.forget(key);
    expect(store.read(key)).toBeUndefined();
    expect(store.read({ ...key, gateway: "wss://other.example/" })).toMatchObject({ token: "o" });
    expect(readdirSync(join(place.path, "deep"))).toEqual(["tokens.json"]);
    if (posix) expect(mode(path)).toBe(0o600);
  });

  it("DEV-4 a damaged file is neither taken for an empty one nor overwritten, and not repeated", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "tokens.json");
    const store = fileTokenStore(path);
    for (const content of [
      "",
      "{",
      "null",
      "[]",
      '{"tokens":{}}',
      '{"tokens":[{"token":"hunter2"}]}',
      '{"tokens":[null]}',
    ]) {
      writeFileSync(path, content, { mode: 0o600 });
      for (const use of [() => store.read(key), () => store.write(key, token), () => store.forget(key)]) {
        expect(use).toThrow(expect.objectContaining({ code: "STORE_003" }));
        expect(use).not.toThrow("hunter2");
      }
      expect(readFileSync(path, "utf8")).toBe(content);
    }
  });

  it.runIf(posix)("DEV-4 a file that others could read is closed to them", async () => {
    await using place = await temporaryDirectory();
    const path = join(place.path, "tokens.json");
    fileTokenStore(path).write(key, token);
    chmodSync(path, 0o644);
    expect(fileTokenStore(path).read(key)).toEqual(token);
    expect(mode(path)).toBe(0o600);
  });
});

function run(program: string): Promise<string> {
  const child = spawn(
    process.execPath,
    ["--conditions=@switchboard/source", "--input-type=module", "--eval", program],
    {
      stdio: ["ignore", "pipe", "inherit"],
      cwd: new URL(".", import.meta.url),
    },
  );
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  return new Promise((resolve) => child.once("close", () => resolve(said)));
}

/** Reads a file as a user who does not own it; the modules are loaded before, since that user may not see them. */
async function asNobody(path: string): Promise<{ readonly readable: boolean; readonly privateFile: string }> {
  const said = await run(`
    import { readFileSync } from "node:fs";
    import { loadOrCreateDeviceIdentity } from ${JSON.stringify(new URL("./index.ts", import.meta.url).href)};
    process.setgroups([]);
    process.setgid(65534);
    process.setuid(65534);
    const readable = readFileSync(${JSON.stringify(path)}, "utf8").length > 0;
    try {
      loadOrCreateDeviceIdentity(${JSON.stringify(path)});
      process.stdout.write(JSON.stringify({ readable, privateFile: "" }));
    } catch ({ code, message, action }) {
      process.stdout.write(JSON.stringify({ readable, privateFile: [code, message, action].join(" ") }));
    }`);
  return JSON.parse(said) as { readable: boolean; privateFile: string };
}
