import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryDirectory, temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfigFile, writeConfigFile } from "./config-file.ts";
import { readSettings, settingsOf } from "./settings.ts";

describe("settings", () => {
  let place: TemporaryDirectory;
  beforeAll(async () => {
    place = await temporaryDirectory();
  });
  afterAll(() => place?.remove());

  it.each([
    ["GATEWAY_PORT", "1e3", 'GATEWAY_PORT must be a whole number, not "1e3".'],
    ["GATEWAY_PORT", "0x10", 'GATEWAY_PORT must be a whole number, not "0x10".'],
    ["GATEWAY_PORT", " 80", 'GATEWAY_PORT must be a whole number, not " 80".'],
    ["GATEWAY_PORT", "-1", "invalid environment variable GATEWAY_PORT: gateway.port: must be >= 0"],
    ["GATEWAY_PORT", "65536", "invalid environment variable GATEWAY_PORT: gateway.port: must be <= 65535"],
    ["LOG_LEVEL", "loud", "invalid environment variable LOG_LEVEL: log.level: must be one of "],
    ["GATEWAY_PUBLIC_URL", "ftp://x", "GATEWAY_PUBLIC_URL must be an address like "],
    ["GATEWAY_PUBLIC_URL", "javascript:alert(1)", "GATEWAY_PUBLIC_URL must be an address like "],
    ["GATEWAY_PUBLIC_URL", "nonsense", "GATEWAY_PUBLIC_URL must be an address like "],
    ["GATEWAY_PUBLIC_URL", "http://u:p@h/", "GATEWAY_PUBLIC_URL must not hold a user name or password."],
    ["GATEWAY_PUBLIC_URL", "https://h/?a=b", "GATEWAY_PUBLIC_URL must end before"],
  ])("OPS-1 CFG_001 refuses %s=%s, and blames the variable", (name, value, message) => {
    expect(() => readSettings(place.path, { [name]: value })).toThrow(
      expect.objectContaining({ code: "CFG_001", message: expect.stringContaining(message) }),
    );
  });

  it("OPS-1 CFG_001 refuses an address that platforms could not call, also in the file", async () => {
    await using own = await temporaryDirectory();
    writeFileSync(join(own.path, "config.json"), JSON.stringify({ gateway: { publicUrl: "http://u:p@h/" } }));
    expect(() => readSettings(own.path, {})).toThrow("gateway.publicUrl must not hold a user name or password.");
    expect(readSettings(own.path, { GATEWAY_PUBLIC_URL: "https://h.example/sub/" }).config.gateway.publicUrl).toBe(
      "https://h.example/sub/",
    );
  });

  it.each([
    [{ issuer: "http://login.example" }, "the issuer of corp is not one"],
    [{ issuer: "https://login.example/?tenant=x" }, "the issuer of corp is not one"],
    [{ issuer: "https://u:p@login.example" }, "the issuer of corp is not one"],
    [{ issuer: "login.example" }, "the issuer of corp is not one"],
    [{ id: "other" }, "Two identity.providers have the id other."],
    [{ id: "../corp" }, "identity.providers"],
    [{ scopes: ["a b"] }, "identity.providers"],
  ])("CFG_001 refuses a provider with %o, where others could sign people in", (change, message) => {
    const corp = { id: "corp", name: "Corp", issuer: "https://login.example", clientId: "c" };
    const path = "config.json";
    const identity = (first: object) => ({ identity: { providers: [first, { ...corp, id: "other" }] } });
    expect(() => settingsOf(identity({ ...corp, ...change }), path, {})).toThrow(
      expect.objectContaining({ code: "CFG_001", message: expect.stringContaining(message) }),
    );
    const local = identity({ ...corp, issuer: "http://localhost:9" });
    expect(settingsOf(local, path, {}).config.identity.providers[0]).toMatchObject({ scopes: ["email", "profile"] });
  });

  it.runIf(existsSync("/dev/full"))("STORE_002 a full disk is called so, and leaves no half of a file", async () => {
    await using own = await temporaryDirectory();
    const file = join(own.path, "config.json");
    writeConfigFile(file, { log: {} });
    symlinkSync("/dev/full", `${file}.${process.pid}`);
    expect(() => writeConfigFile(file, { log: { level: "debug" } })).toThrow(
      expect.objectContaining({ code: "STORE_002" }),
    );
    expect(readdirSync(own.path)).toEqual(["config.json"]);
    expect(readConfigFile(file)).toEqual({ log: {} });
  });

  it("STORE_003 a configuration file that cannot be replaced leaves nothing beside it", async () => {
    await using own = await temporaryDirectory();
    const file = join(own.path, "config.json");
    mkdirSync(file);
    expect(() => writeConfigFile(file, {})).toThrow(expect.objectContaining({ code: "STORE_003" }));
    expect(readdirSync(own.path)).toEqual(["config.json"]);
  });
});
