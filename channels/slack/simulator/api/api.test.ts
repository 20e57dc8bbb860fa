/** The simulated Web API refuses what Slack refuses, in Slack's words, and nothing makes it fail. */
import { type JsonObject, parseJsonObject } from "@switchboard/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BLOCKS, BUTTON_LABEL, HEADER, OPTION_VALUE, TABLE_COLUMNS, TABLE_ROWS, TEXT } from "../../src/limits.ts";
import { type SlackSimulator, startSimulator } from "../index.ts";
import { methods } from "./server.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const cell = { type: "raw_text", text: "x" };
const button = { type: "button", action_id: "a", text: plain("Yes"), value: "y" };
const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

describe("CH-2 the simulated Web API", () => {
  let simulator: SlackSimulator;
  let channel: string;
  let direct: string;
  let tokens: { readonly botToken: string; readonly appToken: string };
  beforeAll(async () => {
    simulator = await startSimulator();
    channel = (await simulator.createGroup({ title: "Team", people: ["Ann"] })).conversation;
    direct = (await simulator.say({ from: "Ann", text: "hello" })).conversation;
    tokens = simulator.accountConfig({ transport: "websocket" }) as typeof tokens;
  });
  afterAll(() => simulator?.close());

  async function call(method: string, args: JsonObject, token: string | null = tokens.botToken) {
    const response = await fetch(`${simulator.url}${method}`, {
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(args),
    });
    const answer = parseJsonObject(await response.text());
    if (!answer) throw new Error(`${method} answered no JSON`);
    return { status: response.status, answer };
  }
  const word = async (method: string, args: JsonObject, token?: string | null) =>
    (await call(method, args, token)).answer.error;
  const withBlocks = (...blocks: readonly JsonObject[]) => word("chat.postMessage", { channel, text: "x", blocks });

  it("refuses blocks beyond Slack's limits", async () => {
    for (const blocks of [
      many(BLOCKS + 1, { type: "divider" }),
      [{ type: "header", text: plain("x".repeat(HEADER + 1)) }],
      [{ type: "header", text: { type: "mrkdwn", text: "x" } }],
      [{ type: "section", text: plain("x".repeat(TEXT + 1)) }],
      [{ type: "section", text: plain("") }],
      [{ type: "section", text: plain("x"), colour: "red" }],
      [{ type: "actions", elements: many(26, button).map((each, index) => ({ ...each, action_id: `a${index}` })) }],
      [{ type: "actions", elements: [button, button] }],
      [{ type: "actions", elements: [{ ...button, text: plain("x".repeat(BUTTON_LABEL + 1)) }] }],
      [
        {
          type: "actions",
          elements: [
            {
              type: "static_select",
              action_id: "s",
              options: [{ text: plain("x"), value: "x".repeat(OPTION_VALUE + 1) }],
            },
          ],
        },
      ],
      [{ type: "table", rows: many(TABLE_ROWS + 1, [cell]) }],
      [{ type: "table", rows: [many(TABLE_COLUMNS + 1, cell)] }],
      many(2, { type: "table", rows: [[cell]] }),
      [{ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "" }] }] }],
      [{ type: "poem" }],
    ] as JsonObject[][]) {
      expect(await withBlocks(...blocks), JSON.stringify(blocks).slice(0, 80)).toBe("invalid_blocks");
    }
    const long = many(5, { type: "section", text: plain("x".repeat(TEXT)) });
    expect(await withBlocks(...long)).toBe("msg_blocks_too_long");
    expect(await word("chat.postMessage", { channel, text: "x", blocks: "{}" })).toBe("invalid_blocks_format");
  });

  it("refuses whoever may not, and what is not there", async () => {
    const hidden = (await simulator.createGroup({ title: "Hidden", people: ["Ann"] })).conversation;
    await simulator.removeBot(hidden);
    const old = (await simulator.createGroup({ title: "Old", people: ["Ann"] })).conversation;
    await simulator.archive(old);
    const said = (await simulator.say({ from: "Ann", conversation: channel as never, text: "mine" })).messageId;
    for (const [expected, method, args, token] of [
      ["not_authed", "auth.test", {}, null],
      ["invalid_auth", "auth.test", {}, "xoxb-unknown"],
      ["not_allowed_token_type", "apps.connections.open", {}, tokens.botToken],
      ["not_allowed_token_type", "auth.test", {}, tokens.appToken],
      ["unknown_method", "chat.sing", {}],
      ["invalid_arguments", "chat.postMessage", { channel, text: "x", colour: "red" }],
      ["channel_not_found", "chat.postMessage", { channel: "C0NOWHERE", text: "x" }],
      ["not_in_channel", "chat.postMessage", { channel: hidden, text: "x" }],
      ["is_archived", "chat.postMessage", { channel: old, text: "x" }],
      ["no_text", "chat.postMessage", { channel, text: "" }],
      ["msg_too_long", "chat.postMessage", { channel, text: "x".repeat(40_001) }],
      ["thread_not_found", "chat.postMessage", { channel, text: "x", thread_ts: "1.000001" }],
      ["invalid_metadata_format", "chat.postMessage", { channel, text: "x", metadata: {} }],
      ["user_not_found", "chat.postEphemeral", { channel, text: "x", user: "U0NOBODY" }],
      ["message_not_found", "chat.update", { channel, ts: "1.000001", text: "x" }],
      ["cant_update_message", "chat.update", { channel, ts: said, text: "x" }],
      ["cant_delete_message", "chat.delete", { channel, ts: said }],
      ["file_not_found", "files.info", { file: "F0NOTHING" }],
    ] as const) {
      expect(await word(method, args, token), `${method} ${JSON.stringify(args)}`).toBe(expected);
    }
  });

  it("says which scope is missing", async () => {
    const small = await startSimulator({ scopes: ["chat:write"] });
    const { botToken } = small.accountConfig() as typeof tokens;
    const answer = await fetch(`${small.url}users.info?user=U1`, { headers: { authorization: `Bearer ${botToken}` } });
    expect(await answer.json()).toMatchObject({ error: "missing_scope", needed: "users:read", provided: "chat:write" });
    await small.close();
  });

  it("answers anything with an answer of Slack's, and lives on", async () => {
    const ids = fc.constantFrom(channel, direct, "C0NOWHERE", "U1", "1.000001", "x".repeat(50));
    const value = fc.oneof(ids, fc.jsonValue({ maxDepth: 3 }));
    const named = Object.values(methods).flatMap(({ fields }) => fields);
    const args = fc.dictionary(fc.constantFrom(...named), value, { maxKeys: 6 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(methods)), args, async (method, given) => {
        const { answer, status } = await call(method, given as JsonObject);
        expect(status, `${method} ${JSON.stringify(given)}: ${JSON.stringify(answer)}`).toBeLessThan(500);
        expect(typeof answer.ok).toBe("boolean");
      }),
      { numRuns: 600, seed: 20_261_121 },
    );
    expect((await call("auth.test", {})).answer.ok).toBe(true);
  }, 60_000);
});
