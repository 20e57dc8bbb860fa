/** The real Secret Service, in a session and with a home of its own (CRED-1). */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";

const folders = (process.env.PATH ?? "").split(delimiter);
const absent = ["dbus-run-session", "gnome-keyring-daemon"].filter(
  (name) => !folders.some((folder) => existsSync(join(folder, name))),
);
const why = `${absent.join(" and ")} not found; apt-get install dbus-daemon gnome-keyring`;
const title = absent.length === 0 ? "the system's key store" : `the system's key store (skipped: ${why})`;

/** What a gateway does with its keys at a start. */
const START = `
  import { createVault, KeyRing } from "@switchboard/core";
  import { openSqliteStore } from "@switchboard/store/sqlite";
  const [provider, stateDirectory] = process.argv.slice(1);
  const { keyProvider } = await import(provider);
  const store = await openSqliteStore({ directory: stateDirectory });
  const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const keys = keyProvider({ env: {}, settings: { provider: "system" }, stateDirectory });
  const ring = new KeyRing({ store: store.vault, provider: keys, clock: { now: Date.now }, log });
  await ring.load();
  const ref = { tenant: "one", channel: "any", account: "default" };
  const derived = await createVault(ring).derive(ref, "webhook").catch(({ code }) => code);
  await store.close();
  const trouble = ring.trouble === undefined ? null : JSON.stringify(ring.trouble);
  console.log(JSON.stringify({ masters: ring.masters.map(({ id }) => id), trouble, derived }));
`;
const SERVICE = `printf '%s' 'a password' | gnome-keyring-daemon --unlock --components=secrets > /dev/null; exec "$@"`;

interface Started {
  readonly masters: readonly string[];
  readonly trouble: string | null;
  readonly derived: string;
}

describe.skipIf(absent.length > 0)(title, () => {
  it("CRED-1 keeps the key over starts; while it is away nothing is made anew and nothing is kept elsewhere", async () => {
    await using state = await temporaryDirectory();
    await using home = await temporaryDirectory();
    const provider = pathToFileURL(join(import.meta.dirname, "key-provider.ts")).href;
    const node = [process.execPath, "--conditions=@switchboard/source", "--input-type=module", "-e", START];
    const start = async (isThere: boolean): Promise<Started> => {
      const session = isThere ? ["dbus-run-session", "--", "sh", "-c", SERVICE, "sh"] : [];
      const [command = "", ...args] = [...session, ...node, provider, state.path];
      const env = { PATH: process.env.PATH, HOME: home.path, XDG_RUNTIME_DIR: home.path };
      const { stdout } = await promisify(execFile)(command, args, { env, timeout: 45_000 });
      return JSON.parse(stdout) as Started;
    };
    const before = await start(false);
    expect(before).toMatchObject({ masters: [], derived: "SEC_008" });
    expect(before.trouble).toContain("the system's key store, entry Switchboard");
    const first = await start(true);
    expect(first).toEqual({
      masters: [expect.any(String)],
      trouble: null,
      derived: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(await start(true)).toEqual(first);
    const away = await start(false);
    expect(away).toMatchObject({ masters: [], derived: "SEC_008" });
    expect(away.trouble).toContain(first.masters[0]);
    expect(await start(true)).toEqual(first);
    expect(readdirSync(state.path)).not.toContain("vault-key");
  });
});
