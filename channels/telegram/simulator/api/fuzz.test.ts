/** Whatever a bot sends, it gets an answer in Telegram's form. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testBot } from "../testing/client.ts";
import { simulatedNames } from "./methods/methods.ts";
import { notSimulated } from "./methods/not-simulated.ts";

/** Not called here: they end what the others need, or wait. */
const apart = new Set(["getUpdates", "setWebhook", "leaveChat"]);

const fields = [
  "text",
  "caption",
  "parse_mode",
  "entities",
  "caption_entities",
  "reply_markup",
  "reply_parameters",
  "message_id",
  "message_ids",
  "message_thread_id",
  "media",
  "photo",
  "document",
  "sticker",
  "action",
  "reaction",
  "commands",
  "callback_query_id",
  "file_id",
  "latitude",
  "longitude",
  "question",
  "options",
  "name",
  "user_id",
  "from_chat_id",
  "title",
  "description",
  "scope",
  "draft_id",
  "icon_color",
  "emoji",
  "phone_number",
  "first_name",
  "language_code",
];

describe("CH-1 the simulator never breaks", () => {
  it("answers any parameters of any method", async () => {
    await using bot = await testBot();
    const { chat_id } = await bot.chat();
    await bot.result("sendMessage", { chat_id, text: "something to refer to" });
    const methods = simulatedNames.filter((name) => !apart.has(name));
    const value = fc.oneof(
      fc.constantFrom<unknown>(
        chat_id,
        1,
        2,
        3,
        -1,
        "1",
        "",
        "HTML",
        "MarkdownV2",
        "<b>x</b>",
        "*x*",
        "typing",
        true,
        null,
        [],
        {},
        "\0😀",
        "{",
      ),
      fc.constantFrom<unknown>(
        [1, 2],
        [{}],
        [{ type: "emoji", emoji: "🔥" }],
        [{ type: "bold", offset: 0, length: 1 }],
        { inline_keyboard: [[{ text: "a", callback_data: "b" }]] },
        { inline_keyboard: [[7]] },
        { keyboard: [["a"]] },
        { message_id: 1, quote: "x" },
        { type: "photo", media: "attach://none" },
        [{ command: "a", description: "b" }],
      ),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const call = fc.tuple(
      fc.constantFrom(...methods),
      fc.constantFrom<unknown>(chat_id, chat_id, chat_id, -1, "@x", "x", undefined, {}),
      fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 6 }),
    );
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(call, async ([method, chat, parameters]) => {
        const answer = await bot.call(method, { chat_id: chat, ...parameters });
        expect(answer.error_code ?? 0, `${method}: ${answer.description}`).toBeLessThan(500);
        expect(answer.ok).toBe(answer.status === 200);
        if (answer.ok) accepted += 1;
      }),
      { numRuns: 1500 },
    );
    // Enough of it makes sense that the methods' insides were reached.
    expect(accepted).toBeGreaterThan(100);
    expect(await bot.call("getMe")).toMatchObject({ ok: true });
  });

  it("refuses what is documented and not simulated, by name", async () => {
    await using bot = await testBot();
    for (const method of Object.keys(notSimulated)) {
      expect(await bot.call(method, { chat_id: 1 })).toMatchObject({
        error_code: 400,
        description: `Bad Request: the simulator does not offer ${method}`,
      });
    }
  });

  it("survives bodies that are no bodies", async () => {
    await using bot = await testBot();
    const post = async (type: string, body: string) => {
      const response = await fetch(`${bot.url}/bot${bot.token}/sendMessage`, {
        method: "POST",
        headers: { "content-type": type },
        body,
      });
      return (await response.json()) as unknown;
    };
    for (const body of ["", "[]", "null", "7", '"x"', "{", "\0", "x".repeat(1e6)]) {
      expect(await post("application/json", body)).toMatchObject({ ok: false, error_code: 400 });
      expect(await post("multipart/form-data; boundary=b", body)).toMatchObject({ ok: false, error_code: 400 });
      expect(await post("application/x-www-form-urlencoded", body)).toMatchObject({ ok: false, error_code: 400 });
      expect(await post("text/plain", body)).toMatchObject({ ok: false, error_code: 400 });
    }
    expect(await bot.call("getMe")).toMatchObject({ ok: true });
  });
});
