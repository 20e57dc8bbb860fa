/** What WebChat keeps when the gateway, the line or the page goes away. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { inChromium, launch, PATIENT, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";
import { startLine } from "../test-support/line.ts";
import { textOf, Webchat } from "../test-support/webchat.ts";

inChromium("Q-6 WebChat loses and doubles nothing", () => {
  let browser: Browser;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    await buildIfStale();
    [browser, gateway] = await Promise.all([launch(), startGatewayProcess()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  const begin = async (url = gateway.address) => {
    const opened = await visit(browser);
    return { ...opened, chat: await Webchat.begin(opened.page, url, gateway.token) };
  };

  it("Q-6 what is written while the gateway is dead arrives once and in order after its restart", async () => {
    const { chat, context } = await begin();
    await chat.ask("before");
    await gateway.kill();
    await chat.say("first while dead");
    await chat.say("second while dead");
    await chat.outgoing.filter({ hasText: "Kept here until the gateway is back" }).first().waitFor();
    await gateway.start();
    await chat.answer("second while dead").waitFor({ timeout: 20_000 });
    await chat.settled();
    expect(await chat.said.locator(".typed").allInnerTexts()).toEqual([
      "before",
      "first while dead",
      "second while dead",
    ]);
    expect(await chat.answers.count()).toBe(3);
    await context.close();
  });

  it("Q-6 what is written while the gateway is dead outlives the page", async () => {
    const { chat, context, page } = await begin();
    await gateway.kill();
    await chat.say("kept by the browser");
    await chat.outgoing.filter({ hasText: "Kept here" }).waitFor();
    const address = page.url();
    await page.close();
    await gateway.start();
    const later = await context.newPage();
    await later.goto(address);
    const again = new Webchat(later);
    await again.answer("kept by the browser").waitFor();
    await again.settled();
    expect(await again.said.count()).toBe(1);
    await later.reload();
    await again.answer("kept by the browser").waitFor();
    expect(await again.said.count()).toBe(1);
    expect(await again.answers.count()).toBe(1);
    await context.close();
  });

  it("Q-6 kill -9 in the middle of an answer: the answer comes whole after the restart, once", async () => {
    const { chat, complaints, context } = await begin();
    await chat.say("demo stream");
    await chat.live.filter({ hasText: "word by word" }).waitFor();
    await gateway.kill();
    await gateway.start();
    await chat.answer(/^This answer comes word by word.*a lane of its own\./s).waitFor({ timeout: 30_000 });
    await chat.settled();
    expect(await chat.said.count()).toBe(1);
    expect(await chat.answers.count()).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("DEV-10 a message whose acknowledgement was lost is sent again under the same key and not doubled", async () => {
    await using line = await startLine(gateway.port);
    const { chat, context } = await begin(line.url);
    line.holdAnswers();
    await chat.say("acknowledged into the void");
    await chat.outgoing.filter({ hasText: "Sending" }).waitFor();
    // The gateway has it by now; the page cannot know.
    const watcher = await visit(browser);
    const other = await Webchat.open(watcher.page, gateway.address, gateway.token);
    await watcher.page.locator(".session-line", { hasText: "acknowledged into the void" }).first().click();
    await other.answer("acknowledged into the void").waitFor();
    line.mend();
    await chat.answer("acknowledged into the void").waitFor({ timeout: 20_000 });
    await chat.settled();
    expect(await chat.said.count()).toBe(1);
    expect(await other.said.count()).toBe(1);
    expect(await chat.answers.count()).toBe(1);
    await watcher.context.close();
    await context.close();
  });

  it("Q-6 a line that breaks during an answer: everything is there once it is back", async () => {
    await using line = await startLine(gateway.port);
    const { chat, context, page } = await begin(line.url);
    await chat.say("demo stream");
    await chat.live.filter({ hasText: "This answer" }).waitFor();
    line.cut();
    await page.locator('[data-line="lost"]').waitFor();
    await chat.say("written without a line");
    line.mend();
    await page
      .getByRole("button", { name: "Retry now" })
      .click({ timeout: 2_000 })
      .catch(() => {});
    await chat.answer("written without a line").waitFor({ timeout: 30_000 });
    await chat.settled();
    expect(await chat.said.locator(".typed").allInnerTexts()).toEqual(["demo stream", "written without a line"]);
    expect(await chat.answers.count()).toBe(2);
    expect(await textOf(chat.answers.first())).toContain("a lane of its own.");
    await context.close();
  });

  it("MSG-5 a message the gateway refuses stays with its reason, and can be retried, edited and discarded", async () => {
    const { chat, context, page } = await begin();
    await chat.field.fill(`${"too long ".repeat(9_000)}end`);
    await chat.field.press("Enter");
    const refused = page.locator('.outgoing[data-state="failed"]');
    await refused.getByText("The message has 81003 characters; at most 65536 are taken.").waitFor();
    const key = await refused.getAttribute("data-key");
    await refused.getByRole("button", { name: "Try again" }).click();
    await refused.getByText("at most 65536 are taken").waitFor();
    expect(await refused.getAttribute("data-key")).toBe(key);
    // A refusal of one message does not hold up the others.
    await chat.say("a short one");
    await chat.answer("a short one").waitFor();
    await page.reload();
    await refused.getByText("at most 65536 are taken").waitFor();
    await refused.getByRole("button", { name: "Edit" }).click();
    expect(await chat.field.inputValue()).toHaveLength(81_003);
    await refused.waitFor({ state: "detached" });
    await chat.field.fill("shorter");
    await chat.field.press("Enter");
    await chat.answer("shorter").waitFor();
    await chat.settled();
    expect(await chat.said.count()).toBe(2);
    await context.close();
  });

  it("CH-10 Stop ends the answer that is being written; what waits behind it is answered next", async () => {
    const { chat, context, page } = await begin();
    await chat.say("demo stream");
    await chat.live.filter({ hasText: "This answer" }).waitFor();
    await chat.say("behind it");
    await chat.outgoing.filter({ hasText: "Waiting its turn" }).waitFor();
    await page.getByRole("button", { name: "Stop the answer" }).click();
    await chat.answer("behind it").waitFor();
    await chat.settled();
    expect(await chat.said.count()).toBe(2);
    await expect.poll(() => chat.answers.count(), PATIENT).toBe(2);
    await context.close();
  });

  it("CH-10 what /stop ends before the agent read it is given back to its writer", async () => {
    const { chat, context, page } = await begin();
    await chat.say("demo stream");
    await chat.live.filter({ hasText: "This answer" }).waitFor();
    await chat.say("behind it");
    await chat.outgoing.filter({ hasText: "Waiting its turn" }).waitFor();
    await chat.say("/stop");
    const back = page.locator('.outgoing[data-state="failed"]', { hasText: "behind it" });
    await back.getByText("It was stopped before the agent read it.").waitFor();
    await back.getByRole("button", { name: "Edit" }).click();
    expect(await chat.field.inputValue()).toBe("behind it");
    await chat.settled();
    await context.close();
  });
});
