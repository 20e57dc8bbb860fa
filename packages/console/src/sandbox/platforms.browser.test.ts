/** The simulated platforms' panes beside the trace, with the real gateway and its echo agent behind them. */
import { SwitchboardError } from "@switchboard/domain";
import type { Browser, FrameLocator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { complaintsOfAxe } from "../test-support/accessible.ts";
import { inChromium, launch, PATIENT, visit } from "../test-support/chromium.ts";
import { type SandboxWorld, startSandboxWorld } from "../test-support/sandbox.ts";

/** A red dot. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==",
  "base64",
);

inChromium("CH-10 platforms in the sandbox", () => {
  let browser: Browser;
  let world: SandboxWorld;

  beforeAll(async () => {
    await buildIfStale();
    [browser, world] = await Promise.all([launch(), startSandboxWorld()]);
    for (const { simulator } of world.platforms) {
      const group = { title: "Project room", people: ["Ada", "Ben"], threads: ["Ideas", "Support"] };
      await simulator.createGroup(group).catch((error: unknown) => {
        // Not every platform has groups.
        if (!(error instanceof SwitchboardError) || error.code !== "MSG_008") throw error;
      });
    }
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  const line = (page: Page, text: string) => page.locator(".trace-line").filter({ hasText: text });

  const chooseTelegram = (page: Page) => page.getByRole("tab", { name: "Telegram, simulated" }).click();

  const visitTelegram = async () => {
    const visited = await visit(browser, { viewport: { width: 1600, height: 1000 } });
    const { page } = visited;
    await page.goto(world.sandbox.url);
    await page.getByText("Gateway running").waitFor();
    await chooseTelegram(page);
    const pane = page.frameLocator('iframe[title="Telegram, simulated"]');
    const say = async (text: string) => {
      const field = pane.getByRole("textbox", { name: "Message" });
      await field.fill(text);
      await field.press("Enter");
    };
    return { ...visited, pane, say, [Symbol.asyncDispose]: visited[Symbol.asyncDispose] };
  };
  const chatWithBot = (pane: FrameLocator) => pane.locator('.chat-row[title="Switchboard"]').click();
  const theirs = (pane: FrameLocator, text: string | RegExp) =>
    pane.locator(".message:not(.mine)").filter({ hasText: text });

  it("CH-1 a newcomer presses Start, is greeted, and sees the message's way", async () => {
    await using opened = await visitTelegram();
    const { complaints, page, pane } = opened;
    // The pane opens where one can begin, also in a column.
    await pane.getByRole("button", { name: "Start", exact: true }).click();
    await theirs(pane, "You are talking to").waitFor();
    await line(page, "/start")
      .filter({ hasText: /received.*handled.*sent/s })
      .waitFor();
    expect(complaints).toEqual([]);
  });

  it("CH-1 /menu offers buttons; what they change shows in the same message", async () => {
    await using opened = await visitTelegram();
    const { pane, say } = opened;
    await chatWithBot(pane);
    await say("/menu");
    const menu = theirs(pane, "Verbosity").last();
    await menu.getByRole("button", { name: "Thinking", exact: true }).click();
    await pane.getByRole("button", { name: "high", exact: true }).click();
    await theirs(pane, /Thinking.*high/s)
      .first()
      .waitFor();
    await pane.locator(".key.waiting").waitFor({ state: "detached" });
    for (const word of await pane.locator(".key").all()) {
      const [shown, needed] = await word.evaluate((key) => [key.clientWidth, key.scrollWidth]);
      expect(shown).toBe(needed);
    }
  });

  it("AGT-4 an answer grows in one message, by edits, and ends without a cursor", async () => {
    await using opened = await visitTelegram();
    const { page, pane, say } = opened;
    await chatWithBot(pane);
    await say("demo stream");
    const answer = theirs(pane, "This answer comes");
    await answer.locator(".edited").waitFor();
    await answer.filter({ hasText: "a lane of its own." }).waitFor();
    expect(await answer.count()).toBe(1);
    await line(page, "demo stream")
      .filter({ hasText: /started.*done.*sent/s })
      .waitFor();
  });

  it("CH-1 in a group's topic the bot answers who addresses it, there, and the trace says why it ignores the rest", async () => {
    await using opened = await visitTelegram();
    const { page, pane, say } = opened;
    await pane.locator(".chat-row", { hasText: "Project room" }).click();
    await pane.getByRole("tab", { name: "Ideas" }).click();
    await say("among ourselves");
    await line(page, "among ourselves").filter({ hasText: "ignored (not addressed)" }).waitFor();
    await say("@switchboard_bot demo buttons");
    const asked = theirs(pane, "Press one");
    await asked.getByRole("button", { name: "Yes" }).click();
    await theirs(pane, "I pressed yes").waitFor();
    await pane.getByRole("tab", { name: "Support" }).click();
    await pane.getByRole("tab", { name: "Support", selected: true }).waitFor();
    expect(await theirs(pane, "I pressed yes").count()).toBe(0);
  });

  it("MSG-3 a picture with words goes in, and the answer says so; what one edits and deletes is told, too", async () => {
    await using opened = await visitTelegram();
    const { page, pane, say } = opened;
    await chatWithBot(pane);
    await pane.locator("input[type=file]").setInputFiles({ name: "dot.png", mimeType: "image/png", buffer: PNG });
    await say("what is on it?");
    await theirs(pane, /I got an image|what is on it\?/)
      .last()
      .waitFor();
    await line(page, "what is on it?")
      .filter({ hasText: /received.*done.*sent/s })
      .waitFor();
    await say("a word with a tpyo");
    await theirs(pane, "a word with a tpyo").waitFor();
    const field = pane.getByRole("textbox", { name: "Message" });
    await field.press("ArrowUp");
    await field.fill("a word without a typo");
    await field.press("Enter");
    await pane.locator(".message.mine", { hasText: "without a typo" }).locator(".edited").waitFor();
    await line(page, "without a typo").first().waitFor();
  });

  it("Q-6 what was said in a pane while the gateway was dead is answered once, after its restart", async () => {
    await using opened = await visitTelegram();
    const { page, pane, say } = opened;
    await chatWithBot(pane);
    await page.getByRole("button", { name: /^Kill/ }).click();
    await page.getByText("Gateway down").waitFor();
    await say("into the silence");
    await pane.locator(".message.mine", { hasText: "into the silence" }).waitFor();
    await page.getByRole("button", { name: "Restart" }).click();
    await theirs(pane, "into the silence").waitFor({ timeout: 30_000 });
    await line(page, "into the silence")
      .filter({ hasText: /received.*done.*sent/s })
      .waitFor();
    await page.reload();
    await chooseTelegram(page);
    await chatWithBot(pane);
    await theirs(pane, "into the silence").waitFor();
    expect(await theirs(pane, "into the silence").count()).toBe(1);
  });

  // Every pane at three widths with each of its chats: longer with every platform.
  it.each(["light", "dark"] as const)(
    "CH-1 no pane has anything that an accessibility checker minds, %s",
    { timeout: 300_000 },
    async (colorScheme) => {
      for (const { simulator } of world.platforms) {
        for (const width of [900, 560, 390]) {
          await using opened = await visit(browser, { colorScheme, viewport: { width, height: 700 } });
          const { page } = opened;
          await page.goto(simulator.pane);
          const rows = page.locator("button[data-chat]");
          await rows.first().waitFor();
          expect(await complaintsOfAxe(page), `list, ${width}`).toEqual([]);
          for (let chat = 0; chat < (await rows.count()); chat += 1) {
            const back = page.getByRole("button", { name: "Back to the chats" });
            if (await back.isVisible()) await back.click();
            await rows.nth(chat).click();
            await expect
              .poll(() => page.locator(".message, .instead:visible, .service, textarea:visible").count(), PATIENT)
              .toBeGreaterThan(0);
            expect(await complaintsOfAxe(page), `chat ${chat}, ${width}`).toEqual([]);
          }
        }
      }
    },
  );
});
