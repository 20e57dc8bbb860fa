import { chmodSync, existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it, vi } from "vitest";
import { switchboard } from "../test-support/switchboard.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

interface Listed {
  readonly accounts: readonly { readonly channel: string; readonly accountId: string; readonly source: string }[];
}

async function startPlace() {
  const place = await temporaryDirectory();
  const run = (args: readonly string[], options = {}) => switchboard(args, { stateDirectory: place.path, ...options });
  const accounts = async () => (await run(["channels", "list", "--json"])).json<Listed>().accounts;
  return { ...place, run, accounts, [Symbol.asyncDispose]: () => place.remove() };
}

describe.concurrent("commands while no gateway runs", () => {
  it("channels add, list and remove work on the state directory; the secret is sealed before it is written", async () => {
    await using place = await startPlace();
    const { run, accounts } = place;
    const secret = "123456:a-secret-that-is-read-from-standard-input";
    const added = await run(["channels", "add", "telegram", "--secret-stdin", "--setting", "allowFrom=1,2"], {
      input: `${secret}\n`,
    });
    expect([added.code, added.stdout]).toEqual([0, expect.stringContaining("telegram:default added")]);
    expect(await accounts()).toMatchObject([
      { channel: "telegram", accountId: "default", source: "store", settings: { allowFrom: ["1", "2"] } },
    ]);
    const again = await run(["channels", "add", "telegram", "--secret", secret, "--json"]);
    expect([again.code, again.json()]).toMatchObject([2, { error: { code: "REQ_004" } }]);
    const replaced = await run(["channels", "add", "telegram", "--secret", `${secret}2`, "--replace", "--json"]);
    expect(replaced.json()).toMatchObject({ replaced: true });
    const database = readFileSync(join(place.path, "switchboard.db"), "latin1");
    const shown = (await run(["channels", "list", "--json"])).stdout;
    for (const text of [database, shown, added.stdout, added.stderr, replaced.stdout])
      expect(text).not.toContain(secret);
    expect((await run(["channels", "remove", "telegram"])).code).toBe(0);
    expect(await accounts()).toEqual([]);
  });

  it("lists of an empty state directory are empty, in words and as JSON", async () => {
    await using place = await startPlace();
    const { run } = place;
    for (const [args, words, empty] of [
      [["sessions", "list"], "No conversations yet.", { sessions: [] }],
      [["deliveries", "list"], "Nothing was sent yet.", { deliveries: [] }],
      [["dead-letters", "list"], "No dead letters.", { deadLetters: [] }],
    ] as const) {
      expect((await run(args)).stdout).toContain(words);
      expect((await run([...args, "--json"])).json()).toMatchObject(empty);
    }
  });

  it("a message for later is kept for the gateway that will run then", async () => {
    await using place = await startPlace();
    const { run } = place;
    await run(["channels", "add", "telegram", "--secret", "1:x"]);
    const args = ["send", "--to", "42", "--at", "2099-01-31T09:00:00Z", "--key", "greeting", "Good *morning*"];
    const first = (await run([...args, "--json"])).json<{ state: string; deliveryIds: string[] }>();
    expect(first).toMatchObject({ state: "scheduled", deliveryIds: [expect.any(String)] });
    expect((await run([...args, "--json"])).json()).toMatchObject({ deliveryIds: first.deliveryIds });
    const listed = await run(["deliveries", "list", "--state", "scheduled", "--json"]);
    expect(listed.json<{ deliveries: unknown[] }>().deliveries).toHaveLength(1);
    const shown = await run(["deliveries", "show", first.deliveryIds[0] ?? ""]);
    expect(shown.stdout).toContain("Good morning");
  });

  it("CRED-1 vault rotate and verify; a lost key is named and not replaced, and a public one refused", async () => {
    await using place = await startPlace();
    const { run } = place;
    const secret = "123456:a-secret-under-several-keys";
    const [file, away] = [join(place.path, "vault-key"), join(place.path, "away")];
    const said: string[] = [];
    const vault = async (...args: string[]) => {
      const ran = await run(["vault", ...args]);
      said.push(ran.stdout, ran.stderr);
      return ran;
    };
    await run(["channels", "add", "telegram", "--secret", secret]);
    const first = readFileSync(file, "utf8").trim();
    const rotated = (await vault("rotate", "--data-keys", "--json")).json<{ master: string; resealed: number }>();
    expect(rotated).toMatchObject({ resumed: false, tenants: 1, resealed: 1, forgotten: [] });
    const keys = readFileSync(file, "utf8").trim().split("\n");
    expect([keys.length, keys[1]]).toEqual([2, first]);
    const forgot = await vault("rotate", "--forget-old");
    expect(forgot.stdout).toContain(rotated.master);
    expect(readFileSync(file, "utf8")).not.toContain(first);
    const verified = await vault("verify");
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining("can be opened")]);
    renameSync(file, away);
    const lost = await vault("status", "--json");
    expect([lost.code, lost.json()]).toMatchObject([1, { trouble: expect.stringContaining("is not at hand") }]);
    expect((await vault("verify")).code).toBe(1);
    expect((await vault("rotate", "--json")).json()).toMatchObject({ error: { code: "SEC_008" } });
    expect(existsSync(file)).toBe(false);
    renameSync(away, file);
    if (process.platform !== "win32") {
      chmodSync(file, 0o640);
      const refused = await vault("status");
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(`chmod 600 ${file}`)]);
      chmodSync(file, 0o600);
    }
    expect((await vault("shred", "--tenant", "default", "--confirm", "another")).code).toBe(2);
    const shredded = await vault("shred", "--tenant", "default", "--confirm", "default", "--json");
    expect(shredded.json()).toEqual({ keys: 3, accounts: 1 });
    const now = readFileSync(file, "utf8").trim();
    for (const text of said) for (const each of [secret, ...keys, now]) expect(text).not.toContain(each);
  });

  it("backup create and restore bring back what was there; the store before is kept", async () => {
    await using place = await startPlace();
    const { run, accounts } = place;
    await run(["channels", "add", "telegram", "--account", "kept", "--secret", "1:x"]);
    const { path } = (await run(["backup", "create", "first.db", "--json"])).json<{ path: string }>();
    expect(existsSync(path)).toBe(true);
    await run(["channels", "remove", "telegram", "--account", "kept"]);
    await run(["channels", "add", "telegram", "--account", "newer", "--secret", "1:y"]);
    const restored = (await run(["backup", "restore", path, "--json"])).json<{ restored: string; kept: string }>();
    expect((await accounts()).map(({ accountId }) => accountId)).toEqual(["kept"]);
    expect(existsSync(restored.kept)).toBe(true);
    await run(["backup", "restore", restored.kept]);
    expect((await accounts()).map(({ accountId }) => accountId)).toEqual(["newer"]);
    const notOne = await run(["backup", "restore", join(place.path, "vault-key")]);
    expect(notOne.code).not.toBe(0);
    expect(notOne.stderr).not.toContain("SYS_005");
    expect((await accounts()).map(({ accountId }) => accountId)).toEqual(["newer"]);
  });
});
