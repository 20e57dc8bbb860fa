/** What a simulator with a file keeps when it is killed. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message, Update } from "@grammyjs/types";
import { png } from "@switchboard/simulator-kit/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSimulator } from "./index.ts";
import { testBot } from "./testing/client.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "telegram-simulator-"));
  file = join(folder, "world.sqlite");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Child {
  readonly process: ChildProcess;
  readonly token: string;
  readonly baseUrl: string;
}

async function startChild(port = 0): Promise<Child> {
  const script = join(import.meta.dirname, "testing", "kept-simulator.ts");
  const child = fork(script, [file, String(port)], { execArgv: ["--conditions=@switchboard/source"] });
  const [config] = (await once(child, "message")) as [{ token: string; baseUrl: string }];
  return { process: child, ...config };
}

async function kill({ process: child }: Child): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const response = await fetch(url, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });
  const answer = (await response.json()) as { ok?: boolean; result?: T; description?: string };
  if (!response.ok) throw new Error(answer.description);
  return answer.ok === undefined ? (answer as T) : (answer.result as T);
}

describe("Q-6 a simulator with a file", () => {
  it("keeps every word it answered for over SIGKILL", async () => {
    let child = await startChild();
    const port = Number(new URL(child.baseUrl).port);
    try {
      const { person, chat } = await post<{ person: number; chat: string }>(`${child.baseUrl}/pane/act`, {
        kind: "person",
        name: "Ada",
      });
      const api = () => `${child.baseUrl}/bot${child.token}`;
      const sent: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        await post(`${child.baseUrl}/pane/act`, { kind: "say", person, chat, text: `question ${round}` });
        // Several at once, so that the kill meets some on their way.
        const answers = Array.from({ length: 20 }, (_, index) =>
          post<Message>(`${api()}/sendMessage`, { chat_id: chat, text: `answer ${round}.${index}` }).then(
            ({ message_id }) => sent.push(message_id),
            () => undefined,
          ),
        );
        await Promise.race(answers);
        await kill(child);
        await Promise.all(answers);
        child = await startChild(port);
      }
      await kill(child);
      await using bot = await testBot({ file });
      const ids = bot.simulator.sent().map(({ id }) => Number(id));
      expect(sent.filter((id) => !ids.includes(id))).toEqual([]);
      expect(new Set(ids).size).toBe(ids.length);
      expect(sent.length).toBeGreaterThan(3);
      const updates = await bot.updates();
      expect(updates.map(({ message }) => message?.text)).toEqual([0, 1, 2, 3].map((round) => `question ${round}`));
      expect(new Set(updates.map(({ update_id }) => update_id)).size).toBe(4);
    } finally {
      await kill(child);
    }
  });

  it("comes back with its bot, people, chats, files, settings and what is pending", async () => {
    const first = await testBot({ file });
    const { simulator } = first;
    const bytes = png(20, 20);
    const photo = await simulator.say({ from: "Ada", attach: { kind: "image", bytes } });
    const forum = await simulator.createGroup({ title: "F", people: ["Ada", "Bob"], threads: ["One"] });
    const [update] = await first.updates();
    await first.result("setMyCommands", { commands: [{ command: "go", description: "Go" }] });
    await first.result("getUpdates", { allowed_updates: ["message", "message_reaction"] });
    const { message_id } = await first.result("sendMessage", { chat_id: photo.conversation, text: "before" });
    await simulator.react({
      from: "Ada",
      conversation: photo.conversation,
      messageId: String(message_id) as never,
      emoji: "👍",
    });
    await simulator.say({ from: "Bob", conversation: forum.conversation, text: "pending" });
    await simulator.block("Bob");
    await simulator.account("second_bot").say({ from: "Eve", text: "to the second" });
    await simulator.close();

    const second = await testBot({ file });
    expect(second.token).toBe(first.token);
    expect(second.simulator.sent().map(({ text }) => text)).toEqual(["before"]);
    const pending = await second.result<Update[]>("getUpdates");
    expect(pending.map((one) => one.message?.text ?? Object.keys(one)[1])).toEqual(["message_reaction", "pending"]);
    expect(await second.result("getMyCommands")).toEqual([{ command: "go", description: "Go" }]);
    const topic = { chat_id: forum.conversation, message_thread_id: Number(forum.threads[0]), text: "in the topic" };
    expect(await second.result("sendMessage", topic)).toMatchObject({ is_topic_message: true });
    const file_id = update?.message?.photo?.at(-1)?.file_id;
    const { file_path } = await second.result<{ file_path: string }>("getFile", { file_id });
    const download = await fetch(`${second.url}/file/bot${second.token}/${file_path}`);
    expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true);
    const next = await second.result("sendMessage", { chat_id: photo.conversation, text: "after" });
    expect(next.message_id).toBeGreaterThan(message_id);
    expect(second.simulator.account("second_bot").pendingUpdates()).toBe(1);
    await second.simulator.close();
  });

  it("goes on delivering to its webhook", async () => {
    const first = await testBot({ file });
    await first.result("setWebhook", { url: "http://127.0.0.1:9/", secret_token: "s" });
    await first.simulator.say({ from: "Ada", text: "pending" });
    await first.simulator.close();
    const second = await testBot({ file });
    expect(await second.result("getWebhookInfo")).toMatchObject({
      url: "http://127.0.0.1:9/",
      pending_update_count: 1,
    });
    await second.simulator.close();
  });

  it("refuses a file that another simulator uses, or that cannot be had", async () => {
    const first = await startSimulator({ file });
    await expect(startSimulator({ file })).rejects.toMatchObject({ code: "STORE_004" });
    await first.close();
    await first.close();
    await (await startSimulator({ file })).close();
    await expect(startSimulator({ file: join(folder, "none", "x.sqlite") })).rejects.toMatchObject({
      code: "STORE_003",
    });
  });

  it("refuses a file from the future", async () => {
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(file);
    database.exec("PRAGMA user_version = 99");
    database.close();
    await expect(startSimulator({ file })).rejects.toMatchObject({ code: "STORE_006" });
  });
});

describe("Q-1 the simulator's memory", () => {
  it("stays bounded: old messages go, counts stay", async () => {
    await using bot = await testBot({ history: 50 });
    const { conversation, chat_id } = await bot.chat();
    for (let number = 0; number < 120; number += 1) await bot.result("sendMessage", { chat_id, text: `m${number}` });
    const kept = bot.simulator.sent({ conversation });
    expect(kept).toHaveLength(50);
    expect(kept.at(0)?.text).toBe("m70");
    expect(bot.simulator.sent()).toHaveLength(50);
    expect(bot.simulator.counts()).toEqual({ fromBot: 120, fromPeople: 1, edits: 0 });
  });

  it("stays bounded: old files go", async () => {
    await using bot = await testBot({ fileBytes: 5000 });
    const send = () => bot.simulator.say({ from: "Ada", attach: { kind: "document", bytes: new Uint8Array(2000) } });
    for (let time = 0; time < 4; time += 1) await send();
    const ids = (await bot.updates()).map(({ message }) => message?.document?.file_id);
    const answers = await Promise.all(ids.map((file_id) => bot.call("getFile", { file_id })));
    expect(answers.map(({ ok }) => ok)).toEqual([false, false, true, true]);
    expect(answers[0]?.description).toBe("Bad Request: wrong file_id or the file is temporarily unavailable");
  });
});
