/** What one does in the pane, and what the bot sees of it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onStage, PATIENT, png } from "@switchboard/simulator-kit/testing";
import { expect, it } from "vitest";
import { testBot } from "../testing/client.ts";

onStage("CH-1 the chat pane", testBot, (stage) => {
  it("starts a chat, sends, receives, and keeps it over a reload", async () => {
    await stage.open();
    await stage.page.getByRole("button", { name: "Start", exact: true }).click();
    await stage.bubble("/start").waitFor();
    await stage.input().fill("Hello **there**");
    await stage.input().press("Shift+Enter");
    await stage.input().pressSequentially("second line");
    await stage.input().press("Enter");
    await stage.bubble("Hello there").waitFor();
    expect(await stage.bubble("Hello there").locator("strong").textContent()).toBe("there");
    const [, said] = await stage.bot.updates();
    expect(said?.message).toMatchObject({
      text: "Hello there\nsecond line",
      entities: [{ type: "bold", offset: 6, length: 5 }],
      from: { first_name: "Ada" },
    });
    await stage.bot.result("sendMessage", { chat_id: said?.message?.chat.id, text: "Live answer" });
    await stage.bubble("Live answer").waitFor();
    await stage.page.reload();
    await stage.bubble("Live answer").waitFor();
    expect(await stage.page.locator(".message").count()).toBe(3);
    expect(await stage.page.locator(".message.mine").count()).toBe(2);
  });

  it("shows formatting, and what the bot edits and deletes", async () => {
    const { chat_id } = await stage.bot.chat();
    await stage.open();
    const html =
      '<pre><code class="language-ts">let a</code></pre><blockquote expandable>a quote</blockquote>' +
      '<tg-spoiler>secret</tg-spoiler> <a href="https://example.com/x">link</a> <code>x</code>';
    const { message_id } = await stage.bot.result("sendMessage", { chat_id, text: html, parse_mode: "HTML" });
    const shown = stage.page.locator(`.message[data-id="${message_id}"]`);
    await shown.waitFor();
    expect(await shown.locator(".code-block code").textContent()).toBe("let a");
    expect(await shown.locator(".code-head").textContent()).toBe("ts");
    expect(await shown.locator("blockquote").getAttribute("class")).toBe("collapsed");
    await shown.getByRole("button", { name: "Show more" }).click();
    expect(await shown.locator("blockquote").getAttribute("class")).toBe("");
    expect(await shown.locator("a").getAttribute("href")).toBe("https://example.com/x");
    await shown.getByRole("button", { name: /Hidden text/ }).press("Enter");
    expect(await shown.locator(".spoiler.shown").textContent()).toBe("secret");
    await stage.bot.result("editMessageText", { chat_id, message_id, text: "changed" });
    await stage.bubble("changed").waitFor();
    expect(await shown.locator(".edited").count()).toBe(1);
    await stage.bot.result("deleteMessage", { chat_id, message_id });
    await shown.waitFor({ state: "detached" });
  });

  it("presses buttons and shows what comes back", async () => {
    const { chat_id } = await stage.bot.chat();
    await stage.open();
    const reply_markup = {
      inline_keyboard: [
        [
          { text: "Note", callback_data: "n" },
          { text: "Alert", callback_data: "a" },
        ],
      ],
    };
    await stage.bot.result("sendMessage", { chat_id, text: "Choose", reply_markup });
    const answer = async (extra: object) => {
      let query: string | undefined;
      while (!query)
        query = (await stage.bot.updates()).find(({ callback_query }) => callback_query)?.callback_query?.id;
      await stage.bot.result("answerCallbackQuery", { callback_query_id: query, ...extra });
    };
    const note = stage.page.getByRole("button", { name: "Note" });
    await note.click();
    await stage.page.locator(".key.waiting").waitFor();
    await answer({ text: "noted" });
    await stage.page.getByRole("status").filter({ hasText: "noted" }).waitFor();
    await stage.page.locator(".key.waiting").waitFor({ state: "detached" });
    await stage.page.getByRole("button", { name: "Alert" }).click();
    await answer({ text: "look here", show_alert: true });
    await stage.page.getByRole("dialog").getByText("look here").waitFor();
    await stage.page.getByRole("button", { name: "OK" }).click();
    const keyboard = { keyboard: [["Yes", "No"]] };
    await stage.bot.result("sendMessage", { chat_id, text: "Well?", reply_markup: keyboard });
    await stage.page.locator(".reply-keyboard").getByRole("button", { name: "No" }).click();
    await stage.page.locator(".message.mine", { hasText: /^No/ }).waitFor();
    expect((await stage.bot.updates()).at(-1)?.message?.text).toBe("No");
  });

  it("edits the last message with the up arrow, replies, and reacts", async () => {
    await stage.bot.result("getUpdates", { allowed_updates: ["message", "edited_message", "message_reaction"] });
    const { chat_id } = await stage.bot.chat();
    await stage.open();
    await stage.input().fill("firts `code`");
    await stage.input().press("Enter");
    await stage.bubble("firts").waitFor();
    await stage.input().press("ArrowUp");
    expect(await stage.input().inputValue()).toBe("firts `code`");
    await stage.input().fill("first `code`");
    await stage.input().press("Enter");
    await stage.bubble("first code").locator(".edited").waitFor();
    const { message_id } = await stage.bot.result("sendMessage", { chat_id, text: "answer me" });
    await stage.bubble("answer me").dblclick();
    await stage.page.getByText("Reply to Switchboard").waitFor();
    await stage.input().fill("here it is");
    await stage.input().press("Enter");
    await stage.bubble("here it is").locator(".reply-line", { hasText: "answer me" }).waitFor();
    await stage.bubble("answer me").first().hover();
    await stage.bubble("answer me").first().getByRole("button", { name: "Message actions" }).click();
    await stage.page.getByRole("button", { name: "React 🔥" }).click();
    await stage.page.locator(".reactions .chosen").waitFor();
    const updates = await stage.bot.updates();
    expect(updates.map((update) => Object.keys(update)[1])).toEqual([
      "message",
      "edited_message",
      "message",
      "message_reaction",
    ]);
    expect(updates[1]?.edited_message).toMatchObject({ text: "first code", entities: [{ type: "code" }] });
    expect(updates[2]?.message?.reply_to_message?.message_id).toBe(message_id);
    expect(updates[3]?.message_reaction?.new_reaction).toEqual([{ type: "emoji", emoji: "🔥" }]);
  });

  it("sends photos and files, and shows those that come", async () => {
    const { chat_id } = await stage.bot.chat();
    await stage.open();
    const picture = png(64, 48);
    await stage.page.setInputFiles("input[type=file]", [{ name: "p.png", mimeType: "image/png", buffer: picture }]);
    await stage.input().fill("a caption");
    await stage.input().press("Enter");
    await stage.bubble("a caption").locator("img").waitFor();
    await stage.page.setInputFiles("input[type=file]", [
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") },
    ]);
    await stage.page.getByRole("button", { name: "Send", exact: true }).click();
    await stage.page.locator(".file", { hasText: "notes.txt" }).waitFor();
    const [photo, file] = await stage.bot.updates();
    expect(photo?.message).toMatchObject({ caption: "a caption", photo: [{ width: 64, height: 48 }] });
    expect(file?.message?.document).toMatchObject({ file_name: "notes.txt", mime_type: "text/plain", file_size: 5 });
    await stage.bot.result("sendPhoto", { chat_id, photo: photo?.message?.photo?.[0]?.file_id, caption: "back" });
    const image = stage.bubble("back").locator("img");
    await image.waitFor();
    await expect
      .poll(() => image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth), PATIENT)
      .toBe(64);
    const [download] = await Promise.all([stage.page.waitForEvent("download"), stage.page.locator(".file").click()]);
    expect(download.suggestedFilename()).toBe("notes.txt");
  });

  it("shows typing, drafts and unread messages of other chats", async () => {
    const { chat_id } = await stage.bot.chat();
    const { conversation } = await stage.bot.simulator.createGroup({ title: "Team", people: ["Ada", "Bob"] });
    await stage.bot.simulator.say({ from: "Ada", text: "newest" });
    await stage.open();
    await stage.page.locator(".chat-row", { hasText: "newest" }).click();
    await stage.bot.result("sendChatAction", { chat_id, action: "typing" });
    await stage.page.locator(".who").getByText("typing…").waitFor();
    await stage.bot.result("sendMessageDraft", { chat_id, draft_id: 1, text: "I am about to" });
    await stage.page.locator(".draft", { hasText: "I am about to" }).waitFor();
    await stage.bot.result("sendMessage", { chat_id, text: "I am about to go" });
    await stage.bubble("I am about to go").waitFor();
    expect(await stage.page.locator(".draft").count()).toBe(0);
    for (const text of ["one", "two"]) await stage.bot.simulator.say({ from: "Bob", conversation, text });
    const row = stage.page.locator(".chat-row", { hasText: "Team" });
    await row.getByLabel("2 unread").waitFor();
    await row.click();
    await stage.bubble("two").waitFor();
    await row.locator(".badge").waitFor({ state: "detached" });
  });

  it("makes people, forums and topics, and plays any of them", async () => {
    await stage.open();
    await stage.page.getByRole("button", { name: "New chat or person" }).click();
    await stage.page.getByRole("menuitem", { name: "New forum" }).click();
    await stage.page.getByLabel("Name", { exact: true }).fill("Garden");
    await stage.page.getByLabel(/Other people/).fill("Grace Hopper");
    await stage.page.getByRole("button", { name: "Create" }).click();
    await stage.page.getByRole("tab", { name: "Ideas" }).click();
    await stage.input().fill("in the topic");
    await stage.input().press("Enter");
    await stage.bubble("in the topic").waitFor();
    await stage.page.getByLabel("Whom you play").selectOption("Grace Hopper");
    await stage.page.locator(".chat-row", { hasText: "Garden" }).click();
    await stage.page.getByRole("tab", { name: "Ideas" }).click();
    await stage.bubble("in the topic").waitFor();
    expect(await stage.bubble("in the topic").getAttribute("class")).not.toContain("mine");
    await stage.input().fill("@sw");
    await stage.page.getByRole("option", { name: /Switchboard/ }).waitFor();
    await stage.input().press("Tab");
    expect(await stage.input().inputValue()).toBe("@switchboard_bot ");
    await stage.input().press("Enter");
    await stage.bubble("@switchboard_bot").waitFor();
    const last = (await stage.bot.updates()).at(-1)?.message;
    expect(last).toMatchObject({ text: "@switchboard_bot", from: { first_name: "Grace" }, is_topic_message: true });
  });

  it("tells the page around it what was said", async () => {
    const frame = `<script>window.told = []; addEventListener("message", (event) => told.push(event.data));</script><iframe width="600" height="500" src="${stage.bot.simulator.pane}?person=Ada&chat=500001"></iframe>`;
    const server = createServer((_request, response) =>
      response.writeHead(200, { "content-type": "text/html" }).end(frame),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      await stage.bot.chat();
      await stage.page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      const inside = stage.page.frameLocator("iframe");
      await inside.getByRole("textbox", { name: "Message" }).fill("from within");
      await inside.getByRole("textbox", { name: "Message" }).press("Enter");
      await inside.locator(".message", { hasText: "from within" }).waitFor();
      const said = (await stage.bot.updates())[0]?.message;
      await expect
        .poll(() => stage.page.evaluate("window.told"), PATIENT)
        .toEqual([
          { type: "switchboard:message", conversation: String(said?.chat.id), messageId: String(said?.message_id) },
        ]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("comes back by itself when the simulator was away", async () => {
    const port = Number(new URL(stage.bot.url).port);
    await stage.open();
    await stage.page.getByRole("button", { name: "Start", exact: true }).click();
    await stage.bubble("/start").waitFor();
    await stage.bot.simulator.close();
    await stage.page.getByText("Connecting…", { exact: true }).waitFor();
    stage.bot = await testBot({ port });
    const { chat_id } = await stage.bot.chat();
    await stage.bot.result("sendMessage", { chat_id, text: "back again" });
    await stage.bubble("back again").waitFor();
    // The browser reports the broken connections; that is what this test is about.
    stage.complaints = stage.complaints.filter((text) => !text.includes("net::ERR_"));
  });

  it("takes no orders from other sites' pages", async () => {
    const response = await fetch(`${stage.bot.url}/pane/act`, {
      method: "POST",
      headers: { origin: "https://evil.example" },
      body: JSON.stringify({ kind: "person", name: "Mallory" }),
    });
    expect(response.status).toBe(403);
    expect(await (await fetch(`${stage.bot.url}/pane/state`)).json()).toMatchObject({ people: [] });
    expect((await fetch(`${stage.bot.url}/pane/web/../../index.ts`)).status).toBe(404);
    expect((await fetch(`${stage.bot.url}/pane/state?account=nobody`)).status).toBe(404);
    expect((await fetch(stage.bot.simulator.pane)).headers.get("content-security-policy")).toContain(
      "default-src 'self'",
    );
  });
});
