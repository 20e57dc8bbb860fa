/** A simulator made with the kit: a toy platform, from outside. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSimulator } from "./test-support/toy/simulator.ts";
import { onStage } from "./testing/chromium.ts";
import { JournalFile } from "./world/journal.ts";

type Toy = Awaited<ReturnType<typeof startSimulator>>;

async function call(toy: Toy, path: string, body?: object): Promise<{ status: number; answer: unknown }> {
  const { baseUrl, token } = toy.accountConfig() as { baseUrl: string; token: string };
  const response = await fetch(`${baseUrl}/toy/${path}`, {
    headers: { authorization: token },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, answer: response.ok ? JSON.parse(text) : text };
}

describe("CH-1 a simulator made with the kit", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "simulator-kit-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("Q-6 keeps its accounts, people, messages and deliveries over being opened again", async () => {
    const file = join(folder, "toy.sqlite");
    const first = await startSimulator({ file });
    const { conversation } = await first.say({ from: "Ada", text: "one" });
    await call(first, "send", { chat: conversation, text: "two" });
    await first.account("Second").say({ from: "Eve", text: "to the second" });
    await first.close();
    const again = await startSimulator({ file });
    expect(again.accountConfig().token).toBe(first.accountConfig().token);
    expect(again.sent().map(({ text }) => text)).toEqual(["two"]);
    expect((await call(again, "updates")).answer).toEqual([{ id: 1, chat: conversation, text: "one" }]);
    expect((await call(again, "updates")).answer).toEqual([]);
    expect((await again.say({ from: "Ada", text: "three" })).conversation).toBe(conversation);
    const second = (await call(again.account("Second"), "updates")).answer;
    expect(second).toEqual([{ id: 1, chat: "p1", text: "to the second" }]);
    await again.close();
  });

  it("Q-6 reads a file of the first version", async () => {
    const file = join(folder, "old.sqlite");
    const old = new DatabaseSync(file);
    old.exec(`
      CREATE TABLE records (bot TEXT, kind TEXT, key TEXT, value TEXT, UNIQUE (bot, kind, key));
      CREATE TABLE bytes (bot TEXT, key TEXT, bytes BLOB, PRIMARY KEY (bot, key)) WITHOUT ROWID;
      INSERT INTO records VALUES ('a', 'update', '7', '{"lane":"l","json":"{}"}');
      PRAGMA user_version = 1;
    `);
    old.close();
    const journal = new JournalFile(file);
    expect(journal.accounts()).toEqual(["a"]);
    expect(journal.open("a").load("update")).toEqual([{ key: "7", value: { lane: "l", body: "{}" } }]);
    journal.close();
  });

  it("waits for what the account says, and says what there was instead", async () => {
    const toy = await startSimulator();
    const { conversation } = await toy.say({ from: "Ada", text: "hello" });
    const waiting = toy.waitFor(({ text }) => text === "answer", { conversation });
    await call(toy, "send", { chat: conversation, text: "answer" });
    expect((await waiting).text).toBe("answer");
    await expect(toy.waitFor(({ text }) => text === "never", { timeoutMs: 1 })).rejects.toThrow('"answer"');
    await toy.close();
  });

  it("meets its faults once each", async () => {
    const toy = await startSimulator();
    const { conversation } = await toy.say({ from: "Ada", text: "hello" });
    toy.inject({ on: "send", kind: "rate-limit", times: 1 });
    toy.inject({ on: "send", kind: "cut-after", times: 1 });
    expect((await call(toy, "send", { chat: conversation, text: "refused" })).status).toBe(429);
    await expect(call(toy, "send", { chat: conversation, text: "unheard" })).rejects.toThrow();
    expect((await call(toy, "send", { chat: conversation, text: "fine" })).status).toBe(200);
    expect(toy.sent().map(({ text }) => text)).toEqual(["unheard", "fine"]);
    await toy.close();
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no such action", '{"kind":"constructor"}'],
    ["a missing field", '{"kind":"say","person":"p1","chat":"p1"}'],
    ["a field of another type", '{"kind":"person","name":{"toString":1}}'],
    ["a nameless person", '{"kind":"person","name":"  "}'],
    ["values that are no texts", '{"kind":"do","does":"x","person":"p1","values":{"a":1}}'],
    ["what the platform does not have", '{"kind":"react","person":"p1","chat":"p1","message":"1","emoji":"x"}'],
  ])("CH-1 the pane refuses %s", async (_, body) => {
    const toy = await startSimulator();
    const response = await fetch(`${toy.pane}/act`, { method: "POST", body });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.any(String) });
    await toy.close();
  });

  it("closes what it opened when its port is taken", async () => {
    const file = join(folder, "toy.sqlite");
    const first = await startSimulator();
    const port = Number(new URL(first.url).port);
    await expect(startSimulator({ file, port })).rejects.toMatchObject({ code: "SYS_003" });
    await (await startSimulator({ file })).close();
    await first.close();
  });
});

onStage(
  "CH-1 the pane of a toy",
  async () => ({ simulator: await startSimulator() }),
  (stage) => {
    it("CH-1 holds a conversation in the platform's colours, and keeps it over a reload", async () => {
      await stage.open();
      await stage.input().fill("hello **toy**");
      await stage.input().press("Enter");
      await stage.bubble("hello **toy**").waitFor();
      const [message] = (await call(stage.bot.simulator, "updates")).answer as [{ chat: string; text: string }];
      expect(message.text).toBe("hello **toy**");
      await call(stage.bot.simulator, "send", { chat: message.chat, text: "hello Ada" });
      await stage.bubble("hello Ada").waitFor();
      expect(await stage.page.title()).toBe("Toy, simulated");
      const accent = "getComputedStyle(document.documentElement).getPropertyValue('--accent')";
      expect(await stage.page.evaluate(accent)).toBe("#a61e4d");
      await stage.page.reload();
      await stage.bubble("hello Ada").waitFor();
      expect(await stage.page.locator(".message").count()).toBe(2);
    });
  },
);
