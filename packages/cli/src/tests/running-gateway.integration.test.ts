import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { switchboard } from "../test-support/switchboard.ts";
import { startWorld, TOKEN, type World } from "../test-support/world.ts";

interface Deliveries {
  readonly deliveries: readonly { readonly id: string; readonly preview: string; readonly state: string }[];
}

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

describe("commands and a running gateway", () => {
  let world: World;
  let conversation: string;
  beforeAll(async () => {
    world = await startWorld();
    const said = await world.simulator.say({ from: "Ada", text: "hello gateway" });
    await world.simulator.waitFor(({ text }) => text === "hello gateway", said);
    conversation = said.conversation;
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  it("status and health say how it is, in words and as JSON", async () => {
    const { code, stdout } = await world.run(["status"]);
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing to worry about");
    expect(stdout).toContain(`${world.channel}:default CONNECTED`);
    expect(await world.ask("status")).toMatchObject({ problems: [], deadLetters: 0, pid: world.process.pid });
    const health = await world.run(["health", "--probe"]);
    expect([health.code, health.stdout]).toEqual([0, expect.stringContaining("the gateway answers")]);
    const status = await world.run(["channels", "status"]);
    expect(status.stdout).toMatch(new RegExp(`${world.channel}:default +CONNECTED +polling`));
  });

  it("CRED-1 vault rotate and verify work beside it, and its account stays connected", async () => {
    const rotated = await world.ask<{ readonly master: string }>("vault", "rotate", "--data-keys");
    expect(rotated).toMatchObject({ resumed: false, resealed: 1 });
    expect(await world.ask("vault", "verify")).toMatchObject({ values: 1, unopened: [] });
    const status = await world.run(["vault", "status"]);
    expect([status.code, status.stdout]).toEqual([0, expect.stringContaining(rotated.master)]);
    const accounts = await world.run(["channels", "status"]);
    expect(accounts.stdout).toMatch(new RegExp(`${world.channel}:default +CONNECTED`));
  });

  it("OPS-4 audit export and verify: the log, and the file that was made of it", async () => {
    await world.ask("vault", "rotate");
    const { code, stdout } = await world.run(["audit", "verify"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("as they were written")]);
    const exported = await world.run(["audit", "export"]);
    const file = join(world.directory, "audit.jsonl");
    writeFileSync(file, exported.stdout);
    const verified = await world.ask<{ rows: number }>("audit", "verify", "--file", file);
    expect(verified.rows).toBeGreaterThan(0);
    const [start = "", first = "", ...rest] = exported.stdout.split("\n");
    const begin = { position: 1, hash: JSON.parse(first).hash };
    writeFileSync(file, [JSON.stringify({ ...JSON.parse(start), begin }), ...rest].join("\n"));
    const older = await world.run(["audit", "verify", "--file", file, "--noted", `0:${"0".repeat(64)}`]);
    expect([older.code, older.stdout]).toEqual([1, expect.stringContaining("cannot be checked any more")]);
    writeFileSync(file, exported.stdout.replace('"actor":"', '"actor":"not '));
    const spoilt = await world.run(["audit", "verify", "--file", file]);
    expect([spoilt.code, spoilt.stdout]).toEqual([1, expect.stringContaining("it was changed")]);
  });

  it("finds the running gateway by its state directory alone, with the token that is kept there or given", async () => {
    const bare = { stateDirectory: world.directory };
    const without = await switchboard(["status", "--json"], bare);
    expect(without.code).not.toBe(0);
    const given = await switchboard(["status", "--token", TOKEN, "--json"], bare);
    expect(given.json()).toMatchObject({ pid: world.process.pid });
    const wrong = await switchboard(["status", "--token", "wrong", "--json"], bare);
    expect([wrong.code, wrong.json()]).toMatchObject([2, { error: { code: "REQ_005" } }]);
    expect(wrong.stdout + wrong.stderr).not.toContain(TOKEN);
    const elsewhere = await switchboard(["status", "--url", world.url, "--token", TOKEN], {
      stateDirectory: join(world.directory, "nowhere"),
    });
    expect(elsewhere.code).toBe(0);
  });

  it("OPS-1 a variable that the gateway alone has, and a file that somebody is changing, keep no command from it", async () => {
    const file = join(world.directory, "config.json");
    const before = readFileSync(file, "utf8");
    const { agents, ...rest } = JSON.parse(before);
    try {
      writeFileSync(
        file,
        JSON.stringify({ ...rest, agents: [{ ...agents[0], apiKey: { env: "KEY_OF_THE_GATEWAY" } }], bindings: [{}] }),
      );
      expect(await world.ask("status")).toMatchObject({ pid: world.process.pid });
      const checked = await world.run(["config", "validate"]);
      expect([checked.code, checked.stderr]).toEqual([2, expect.stringContaining("KEY_OF_THE_GATEWAY")]);
    } finally {
      writeFileSync(file, before);
    }
  });

  it("send sends now, once for a key, with files, into topics; and says what became of it", async () => {
    const { simulator } = world;
    const args = ["send", "--to", conversation, "--key", "cli-1", "Hello *there*"];
    const [first, second] = [await world.run(args), await world.run(args)];
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/sent as \S+/)]);
    expect(second.stdout).toBe(first.stdout);
    expect(simulator.sent().filter(({ text }) => text === "Hello there")).toHaveLength(1);
    const file = join(world.directory, "report.txt");
    writeFileSync(file, "the report");
    expect(await world.ask("send", "--to", conversation, "--file", file, "See the file")).toMatchObject({
      state: "sent",
      conversationId: conversation,
    });
    const [attachment] = simulator.sent().at(-1)?.attachments ?? [];
    expect(attachment?.fileName).toBe("report.txt");
    expect(Buffer.from(attachment?.bytes ?? []).toString()).toBe("the report");
    const later = await world.ask<{ deliveryIds: string[] }>(
      ...["send", "--to", conversation, "--at", "2099-01-01T00:00:00Z", "much later"],
    );
    const { deliveries } = await world.ask<Deliveries>("deliveries", "list", "--state", "scheduled");
    expect(deliveries.map(({ id }) => id)).toEqual(later.deliveryIds);
    const nowhere = await world.run(["send", "--to", "-1009999999", "--json", "into the void"]);
    expect([nowhere.code, nowhere.json()]).toMatchObject([1, { error: { code: "MSG_005" } }]);
    const nothing = await world.run(["send", "--to", conversation]);
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining("Give a message or a file")]);
  });

  it("sessions list and show tell who said what", async () => {
    const { sessions } = await world.ask<{ sessions: { key: string; displayName: string }[] }>("sessions", "list");
    expect(sessions.map(({ displayName }) => displayName)).toEqual(["Ada"]);
    const shown = await world.run(["sessions", "show", sessions[0]?.key ?? ""]);
    expect(shown.stdout).toMatch(/Ada\n {2}hello gateway\n.* assistant\n {2}hello gateway/);
    expect(await world.ask("sessions", "show", sessions[0]?.key ?? "")).toMatchObject({
      entries: [{ role: "user", text: "hello gateway" }, { role: "assistant" }],
    });
  });

  it("deliveries show and trace tell every step of a message", async () => {
    const { deliveries } = await world.ask<Deliveries>("deliveries", "list");
    const answer = deliveries.find(({ preview }) => preview === "hello gateway");
    const { stdout } = await world.run(["trace", answer?.id ?? ""]);
    const steps = ["received", "admitted", "queued", "started", "done", "answer-queued", "sending", "sent"];
    const found = stdout.split("\n").flatMap((line) => /\+\d+ ms {2}(\S+)/.exec(line)?.[1] ?? []);
    expect(found.toSorted()).toEqual(steps.toSorted());
    expect(stdout).toContain("→ 1 delivery: sent");
    const shown = await world.run(["deliveries", "show", answer?.id ?? ""]);
    expect(shown.stdout).toContain("→ 1 delivery: sent");
    const page = await world.run(["deliveries", "list", "--limit", "1"]);
    const cursor = /--cursor (\S+)/.exec(page.stdout)?.[1] ?? "";
    expect(
      (await world.ask<Deliveries>("deliveries", "list", "--limit", "1", "--cursor", cursor)).deliveries,
    ).toHaveLength(1);
  });

  it("channels install says where a channel cannot be installed, and which account is not there", async () => {
    const { channel } = world;
    const refused = await world.run(["channels", "install", channel]);
    expect([refused.code === 0, refused.stderr]).toEqual([false, expect.stringContaining("REQ_001")]);
    const unknown = await world.run(["channels", "install", channel, "--from", "nobody"]);
    expect(unknown.stderr).toContain("CFG_003");
  });

  it("channels stop and start, add and remove act at once", async () => {
    const { channel, simulator } = world;
    const config = simulator.account?.("second_bot").accountConfig({ transport: "polling" }) ?? {};
    const sets = Object.entries(config).flatMap(([name, value]) => ["--set", `${name}=${String(value)}`]);
    expect((await world.run(["channels", "add", channel, "--account", "second", ...sets])).code).toBe(0);
    const state = async (account: string) => {
      const { channelAccounts } = await world.ask<{
        channelAccounts: Record<string, { accountId: string; state: string }[]>;
      }>("channels", "status", channel);
      return channelAccounts[channel]?.find(({ accountId }) => accountId === account)?.state;
    };
    await expect.poll(() => state("second"), { timeout: 15_000, interval: 50 }).toBe("CONNECTED");
    await world.run(["channels", "stop", channel, "--account", "second"]);
    expect(await state("second")).toBe("DISCONNECTED");
    const health = await world.run(["health", "--probe"]);
    expect([health.code, health.stdout]).toEqual([1, expect.stringContaining(`✗ ${channel}:second`)]);
    await world.run(["channels", "start", channel, "--account", "second"]);
    await expect.poll(() => state("second"), { timeout: 15_000, interval: 50 }).toBe("CONNECTED");
    expect((await world.run(["channels", "remove", channel, "--account", "second"])).code).toBe(0);
    expect(await state("second")).toBeUndefined();
    const fromFile = await world.run(["channels", "remove", channel, "--json"]);
    expect([fromFile.code, fromFile.json()]).toMatchObject([2, { error: { code: "REQ_004" } }]);
  });

  it("backup create copies a store in use; restore refuses while the gateway runs, and so does a second one", async () => {
    const { path } = await world.ask<{ path: string }>("backup", "create");
    const restore = await world.run(["backup", "restore", path, "--json"]);
    expect([restore.code, restore.json()]).toMatchObject([1, { error: { code: "SYS_002" } }]);
    const second = await world.run(["start"]);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain("SYS_002");
    expect(await world.ask("status")).toMatchObject({ pid: world.process.pid });
  });
});
