import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it, vi } from "vitest";
import { switchboard } from "../test-support/switchboard.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

async function startPlace() {
  const place = await temporaryDirectory();
  const run = (args: readonly string[], env = {}) => switchboard(args, { stateDirectory: place.path, env });
  return { ...place, file: join(place.path, "config.json"), run, [Symbol.asyncDispose]: () => place.remove() };
}

describe.concurrent("switchboard config", () => {
  it("OPS-1 sets, gets and takes out settings; what stands beside them stays", async () => {
    await using place = await startPlace();
    const { file, run } = place;
    expect((await run(["config", "get", "gateway.port"])).stdout).toBe("18789\n");
    const set = await run(["config", "set", "gateway.port", "8080"]);
    expect([set.code, set.stdout]).toEqual([0, expect.stringContaining(`set in ${file}`)]);
    await run(["config", "set", "agents.-", '{"id":"main","runtime":"openai","model":"m"}']);
    await run(["config", "set", "agents.0.name", "Ada's helper"]);
    expect((await run(["config", "get", "agents.0", "--json"])).json()).toMatchObject({
      id: "main",
      model: "m",
      name: "Ada's helper",
    });
    expect((await run(["config", "set", "gateway.port", "--unset"])).code).toBe(0);
    expect((await run(["config", "get", "gateway.port"])).stdout).toBe("18789\n");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      gateway: {},
      agents: [{ id: "main", runtime: "openai", model: "m", name: "Ada's helper" }],
    });
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it("OPS-1 refuses what would not start, and leaves the file as it was", async () => {
    await using place = await startPlace();
    const { file, run } = place;
    await run(["config", "set", "gateway.port", "8080"]);
    const before = readFileSync(file, "utf8");
    expect((await run(["config", "set", "gateway.port", "high"])).code).toBe(2);
    expect((await run(["config", "set", "sessions.idleMinutes", "0"])).code).toBe(2);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("CRED-3 hides secrets, wherever they come from", async () => {
    await using place = await startPlace();
    const { file, run } = place;
    writeFileSync(
      file,
      JSON.stringify({
        gateway: { auth: { token: "clear-text-token" } },
        agents: [
          { id: "a", runtime: "openai", model: "m", apiKey: { env: "KEY" }, headers: { "x-key": "header-key" } },
        ],
        channels: { telegram: { default: { config: { token: "1:bot-token" } } } },
      }),
    );
    const all = await run(["config", "get", "--json"], { KEY: "key-of-the-environment" });
    expect(all.code).toBe(0);
    for (const secret of ["clear-text-token", "key-of-the-environment", "header-key", "bot-token"]) {
      expect(all.stdout).not.toContain(secret);
    }
    for (const path of ["gateway.auth.token", "agents.0.apiKey", "channels.telegram.default.config.token"]) {
      expect((await run(["config", "get", path], { KEY: "k" })).stdout).toBe("[hidden]\n");
    }
    // A variable that is not set is said before anything runs into it.
    const missing = await run(["config", "validate"]);
    expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("KEY, which is not set")]);
  });

  it("OPS-1 names the setting that was perhaps meant, and says which is only not set", async () => {
    await using place = await startPlace();
    const { file, run } = place;
    writeFileSync(file, JSON.stringify({ channels: { telegram: { default: { settings: { dmPolcy: "open" } } } } }));
    const validated = await run(["config", "validate"]);
    expect([validated.code, validated.stderr]).toEqual([
      2,
      expect.stringContaining(
        "channels.telegram.default.settings.dmPolcy: there is nothing of this name; did you mean dmPolicy?",
      ),
    ]);
    writeFileSync(file, JSON.stringify({ channels: { telegram: { default: {} } } }));
    const advised = async (path: string, ...said: readonly string[]) => {
      const { code, stderr } = await run(["config", "get", path]);
      expect(code).toBe(2);
      for (const each of said) expect(stderr).toContain(each);
    };
    await advised("gateway.prot", "There is no setting gateway.prot.", "switchboard config get gateway.port");
    await advised("gatway.port", "There is no setting gatway.", "switchboard config get gateway");
    await advised("channels.telegrm", "switchboard config get channels.telegram");
    await advised("gateway.publicUrl", "gateway.publicUrl is not set", "switchboard config set gateway.publicUrl");
    await advised("gateway.zzzzzz", "switchboard config get gateway");
  });

  it("OPS-1 validates another file before it is put in force", async () => {
    await using place = await startPlace();
    const { run } = place;
    const other = join(place.path, "other.json");
    writeFileSync(other, JSON.stringify({ turns: { concurrency: 0 } }));
    const wrong = await run(["config", "validate", other, "--json"]);
    expect(wrong.json()).toMatchObject({ error: { code: "CFG_001", message: expect.stringContaining("concurrency") } });
    writeFileSync(other, JSON.stringify({ turns: { concurrency: 1 } }));
    expect((await run(["config", "validate", other, "--json"])).json()).toEqual({ valid: true, file: other });
  });
});
