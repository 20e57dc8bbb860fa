import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryDirectory, temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { switchboard } from "../test-support/switchboard.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly action: string };
}

describe("wrong use", () => {
  let place: TemporaryDirectory;
  beforeAll(async () => {
    place = await temporaryDirectory();
  });
  afterAll(() => place?.remove());

  const run = (args: readonly string[], options = {}) => switchboard(args, { stateDirectory: place.path, ...options });

  it.each([
    [["nonsense"], "unknown command 'nonsense'"],
    [["chanels"], "Did you mean channels?"],
    [["channels", "ad"], "Did you mean add?"],
    [["channels", "add"], "missing required argument 'channel'"],
    [["send", "hello"], "required option '--to <address>' not specified"],
    [["status", "--jsn"], "Did you mean --json?"],
    [["status", "extra"], "too many arguments"],
    [["dead-letters", "replay"], "missing required argument 'id'"],
    [["config", "set", "gateway.port"], "Give either a value or --unset"],
    [["send", "--to", "1", "--at", "tomorrow", "hello"], '"tomorrow" is no time'],
    [["send", "--to", "1", "--file", "/no/such/file"], "/no/such/file cannot be read"],
    [["deliveries", "list", "--state", "lost"], "states"],
    [["sessions", "list", "--limit", "many"], "limit: must be integer"],
    [["sessions", "list", "--limit", "0"], "limit: must be >= 1"],
    [["dead-letters", "list", "--kind", "letter"], '"letter" is none of inbox, turn, delivery'],
    [["dead-letters", "replay", "dead_1", "--wait", "long"], '"long" is no number of seconds'],
    [["dead-letters", "show", "dead_1"], "There is no dead letter dead_1"],
    [["trace", "evt_1"], "There is no message evt_1"],
    [["channels", "add", "pigeon"], 'There is no channel "pigeon"'],
    [["channels", "add", "telegram", "--set", "token"], '"token" is not of the form name=value'],
    [["channels", "add", "telegram"], "token"],
    [["channels", "add", "telegram", "--secret", "x", "--account", "Not An Id"], "An account id has"],
    [["channels", "add", "telegram", "--secret", "1:x", "--setting", "dmPolicy=whoever"], "dmPolicy"],
    [["channels", "add", "telegram", "--secret", "1:x", "--set", "nonsense=1"], "nonsense"],
    [["channels", "remove", "telegram"], "There is no account telegram:default"],
    [["pairing", "approve"], "missing required argument 'channel-and-code'"],
    [["pairing", "approve", "telegram"], "Say on which channel they wrote"],
    [["pairing", "approve", "telegram", "ABCD2345"], "There is no account telegram:default"],
    [["pairing", "list", "telegram", "--account", " "], "--account is blank"],
    [["pairing", "approve", "telegram", "ABCD2345", "--account", ""], "--account is blank"],
    [["pairing", "dismiss", "telegram", " "], "Give the code"],
    [["backup", "create", "../elsewhere"], '"../elsewhere" is a path. Give a name'],
    [["backup", "create", "/tmp/x"], '"/tmp/x" is a path. Give a name'],
    [["backup", "restore", "/no/such/file"], "There is no file /no/such/file"],
    [["config", "get", "gateway.prot"], "There is no setting gateway.prot"],
    [["config", "set", "gateway.port", "99999"], "gateway.port: must be <= 65535"],
    [["config", "set", "gatway.port", "1"], "gatway"],
    [["config", "set", "__proto__.polluted", "1"], "is no path of a setting"],
  ])("%j: says what is wrong on standard error and ends with 2", async (args, words) => {
    const { code, stdout, stderr } = await run(args);
    expect(stderr).toContain(words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).not.toMatch(/\n {4}at |SYS_005/);
  });

  it.each([
    [["nonsense"], "unknown command 'nonsense'"],
    [["channels", "ad"], "unknown command 'ad'"],
    [["send", "hello"], "required option '--to <address>' not specified"],
    [["dead-letters", "list", "--kind", "letter"], '"letter" is none of inbox, turn, delivery'],
    [["sessions", "list", "--limit", "0"], "limit: must be >= 1"],
    [["config", "set", "gateway.port", "99999"], "gateway.port: must be <= 65535"],
  ])("%j --json: a script finds one document on standard output", async (args, words) => {
    const ran = await run([...args, "--json"]);
    expect(ran.code).toBe(2);
    const { error } = ran.json<Refusal>();
    expect(error).toMatchObject({
      code: expect.stringMatching(/^(REQ|CFG)_\d{3}$/),
      action: expect.stringMatching(/./),
    });
    expect(error.message).toContain(words);
  });

  it.each([[["status"]], [["health"]], [["channels", "status"]], [["send", "--to", "1", "hello"]]])(
    "SYS_004 %j needs a running gateway: says how to start one and ends with 3",
    async (args) => {
      const { code, stdout, stderr } = await run(args);
      expect([code, stdout]).toEqual([3, ""]);
      expect(stderr).toContain("switchboard start");
      const asJson = await run([...args, "--json"]);
      expect(asJson.json<Refusal>().error).toMatchObject({ code: "SYS_004", action: expect.any(String) });
    },
  );

  it("SYS_004 an address where nobody answers is named", async () => {
    const { code, stderr } = await run(["status", "--url", "http://127.0.0.1:9", "--token", "x"]);
    expect(code).toBe(3);
    expect(stderr).toContain("127.0.0.1:9");
  });

  it("REQ_001 an address that is none is no crash", async () => {
    for (const url of ["nonsense", "ftp://x", "http://192.0.2.1:1"]) {
      const { code, stderr } = await run(["status", "--url", url, "--token", "x"]);
      expect([2, 3]).toContain(code);
      expect(stderr).not.toContain("SYS_005");
    }
  });

  it("CFG_001 a configuration that is no JSON stops every command with its place", async () => {
    await using own = await temporaryDirectory();
    const file = join(own.path, "config.json");
    writeFileSync(file, '{ "gateway": { "port": 1, } }');
    for (const args of [["start"], ["config", "get"], ["channels", "list"], ["config", "validate"]]) {
      const { code, stderr } = await switchboard(args, { stateDirectory: own.path });
      expect(code).toBe(2);
      expect(stderr).toContain(file);
      expect(stderr).toContain("CFG_001");
    }
  });
});
