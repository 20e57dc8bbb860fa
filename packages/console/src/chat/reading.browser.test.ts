/** Reading a long conversation while it goes on. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { inChromium, launch, PATIENT, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";
import { textOf, Webchat } from "../test-support/webchat.ts";

const TURNS = 80;

/** Keeps older pages back until it is told to let them through. */
async function holdOlderPages(page: Page): Promise<() => void> {
  const open = Promise.withResolvers<void>();
  await page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer();
    const held = new Set<string>();
    socket.onMessage((message) => {
      const { id, method, params } = JSON.parse(String(message));
      if (method === "chat.history" && params.before !== undefined) held.add(id);
      server.send(message);
    });
    server.onMessage(async (message) => {
      if (held.has(JSON.parse(String(message)).id)) await open.promise;
      socket.send(message);
    });
  });
  return open.resolve;
}

inChromium("CH-10 reading in WebChat", () => {
  let browser: Browser;
  let gateway: GatewayProcess;
  let address: string;

  /** One conversation of 160 messages, written through the page. */
  beforeAll(async () => {
    await buildIfStale();
    [browser, gateway] = await Promise.all([launch(), startGatewayProcess()]);
    await using opened = await visit(browser);
    const chat = await Webchat.begin(opened.page, gateway.address, gateway.token);
    for (let turn = 1; turn <= TURNS; turn += 1) await chat.say(`Line number ${turn}.\n\nIt has a second paragraph.`);
    await chat.answer(`Line number ${TURNS}.`).waitFor({ timeout: 60_000 });
    await chat.settled();
    address = opened.page.url();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  const reopen = async () => {
    const opened = await visit(browser);
    await Webchat.open(opened.page, gateway.address, gateway.token);
    await opened.page.goto(address);
    await opened.page.reload();
    const chat = new Webchat(opened.page);
    await chat.answer(`Line number ${TURNS}.`).waitFor();
    return { ...opened, chat };
  };
  const distanceToEnd = (page: Page) =>
    page.locator(".timeline").evaluate((area) => Math.round(area.scrollHeight - area.clientHeight - area.scrollTop));

  it("Q-5 many messages sent at once are answered one by one, in the order they were written", async () => {
    const { chat, context, page } = await reopen();
    while ((await chat.said.count()) < TURNS) {
      await page.locator(".timeline").evaluate((area) => {
        area.scrollTop = 0;
      });
      await page.waitForTimeout(50);
    }
    const numbers = async (messages: typeof chat.said) =>
      (await messages.allInnerTexts()).map((text) => Number(/Line number (\d+)/.exec(text)?.[1]));
    const expected = Array.from({ length: TURNS }, (_, index) => index + 1);
    expect(await numbers(chat.said)).toEqual(expected);
    expect(await numbers(chat.answers)).toEqual(expected);
    await context.close();
  });

  it("CH-10 opens at the end and reads older pages as one scrolls up, without losing the place", async () => {
    const { chat, context, page } = await reopen();
    expect(await distanceToEnd(page)).toBeLessThan(3);
    const before = await chat.log.locator("article").count();
    expect(before).toBeLessThan(2 * TURNS);
    // The line on top of the screen must stay where it is while others appear above it.
    const moved = await page.locator(".timeline").evaluate(async (area) => {
      // After the frame was drawn: that is what the reader sees.
      const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
      const articles = () => [...area.querySelectorAll("article")];
      const count = articles().length;
      area.scrollTop = 900;
      await drawn();
      const edge = area.getBoundingClientRect().top;
      const line = articles().find((article) => article.getBoundingClientRect().bottom > edge + 400);
      const top = () => line?.getBoundingClientRect().top ?? Number.NaN;
      area.scrollTop = 590;
      const place = top();
      for (let tries = 0; tries < 300 && articles().length === count; tries += 1) await drawn();
      for (let frames = 0; frames < 10; frames += 1) await drawn();
      return {
        by: Math.abs(top() - place),
        more: articles().length - count,
      };
    });
    expect(moved.more).toBeGreaterThan(0);
    expect(moved.by).toBeLessThan(2);
    await context.close();
  });

  it("CH-10 keeps the place of who goes on scrolling while an older page comes", async () => {
    const { context, page } = await reopen();
    const jumps = await page.locator(".timeline").evaluate(async (area) => {
      const drawn = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
      const articles = () => [...area.querySelectorAll("article")];
      const count = articles().length;
      area.scrollTop = 1_500;
      await drawn();
      const line = articles().find((article) => article.getBoundingClientRect().top > 0);
      const top = () => line?.getBoundingClientRect().top ?? Number.NaN;
      const found: number[] = [];
      // A steady hand: a few pixels up with every frame, until well after the page has come.
      for (let frames = 0, after = 0; frames < 1_500 && after < 10; frames += 1) {
        const before = top();
        const by = Math.min(area.scrollTop, 6);
        area.scrollTop -= by;
        await drawn();
        found.push(Math.abs(top() - before - by));
        if (articles().length > count) after += 1;
      }
      return { worst: Math.max(...found), more: articles().length - count };
    });
    expect(jumps.more).toBeGreaterThan(0);
    expect(jumps.worst).toBeLessThan(2);
    await context.close();
  });

  it("CH-10 keeps the place of who waits at the very top for an older page", async () => {
    const { context, page } = await reopen();
    const letThrough = await holdOlderPages(page);
    await page.reload();
    const chat = new Webchat(page);
    await chat.answer(`Line number ${TURNS}.`).waitFor();
    const messages = chat.log.locator("article");
    const count = await messages.count();
    const timeline = page.locator(".timeline");
    const isAtTop = () => timeline.evaluate((area) => area.scrollTop === 0 && area.querySelector(".older") !== null);
    await timeline.hover();
    while (!(await isAtTop())) await page.mouse.wheel(0, -900);
    const first = await messages.first().elementHandle();
    const top = () => first?.evaluate((element) => element.getBoundingClientRect().top);
    const before = await top();
    letThrough();
    await expect.poll(() => messages.count(), PATIENT).toBeGreaterThan(count);
    await expect.poll(() => timeline.locator(".older").count(), PATIENT).toBe(0);
    expect(await top()).toBeCloseTo(before ?? Number.NaN, 0);
    await context.close();
  });

  it("AGT-4 follows an answer as it grows, and lets a reader who scrolled up read in peace", async () => {
    const { chat, context, page } = await reopen();
    await chat.say("demo stream");
    await chat.live.filter({ hasText: "This answer" }).waitFor();
    await expect.poll(() => distanceToEnd(page), PATIENT).toBeLessThan(3);
    await page.locator(".timeline").hover();
    await page.mouse.wheel(0, -400);
    const jump = page.getByRole("button", { name: "Jump to the newest message" });
    await jump.waitFor();
    const place = await page.locator(".timeline").evaluate((area) => area.scrollTop);
    const length = (await textOf(chat.live)).length;
    await expect.poll(async () => (await textOf(chat.live)).length, PATIENT).toBeGreaterThan(length + 60);
    expect(await page.locator(".timeline").evaluate((area) => area.scrollTop)).toBe(place);
    await jump.click();
    await expect.poll(() => distanceToEnd(page), PATIENT).toBeLessThan(3);
    await jump.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await chat.settled();
    await context.close();
  });

  it("MSG-4 an answer of 20,000 characters arrives whole, and the page stays quick", async () => {
    const { chat, context, page } = await reopen();
    await page.getByRole("button", { name: "New conversation", exact: true }).click();
    const typing = async () => {
      const times: number[] = [];
      for (let time = 1; time <= 5; time++) {
        const before = performance.now();
        await chat.field.fill(`typing still works ${time}`);
        expect(await chat.field.inputValue()).toBe(`typing still works ${time}`);
        times.push(performance.now() - before);
      }
      await chat.field.fill("");
      return Math.min(...times);
    };
    const empty = await typing();
    await chat.ask("demo long", "Paragraph 100 of 100");
    expect((await textOf(chat.answers)).match(/Paragraph \d+ of 100/g)).toHaveLength(100);
    // The shortest of some, beside the same on an empty page: a busy machine lengthens both.
    expect((await typing()) / empty).toBeLessThan(50);
    await context.close();
  });
});
