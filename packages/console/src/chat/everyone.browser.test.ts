/** WebChat on phones, by keyboard, for readers of screens, in the dark and without motion. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { complaintsOfAxe } from "../test-support/accessible.ts";
import { inChromium, launch, PATIENT, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";
import { textOf, Webchat } from "../test-support/webchat.ts";

inChromium("CH-10 WebChat for everyone", () => {
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

  const PHONE = { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true };

  it("CH-10 fits a phone: nothing is cut off, Enter makes a line, sessions are in a drawer", async () => {
    const { complaints, context, page } = await visit(browser, PHONE);
    const chat = await Webchat.open(page, gateway.address, gateway.token);
    const send = async (text: string) => {
      await chat.field.fill(text);
      await page.getByRole("button", { name: "Send" }).tap();
    };
    await send("demo markdown");
    await chat.answer("Formatting").waitFor();
    await send(`a_very_long_word_${"without_any_end_".repeat(20)}`);
    await send("demo buttons");
    await chat.answer("Press one").waitFor();
    await chat.settled();
    const wide = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      timeline: document.querySelector(".timeline")?.scrollWidth ?? 0,
    }));
    expect(wide).toEqual({ page: 375, timeline: 375 });
    await chat.field.fill("one");
    await chat.field.press("End");
    await page.keyboard.press("Enter");
    expect(await chat.field.inputValue()).toBe("one\n");
    const drawer = page.getByRole("complementary", { name: "Conversations" });
    await expect.poll(() => drawer.isVisible(), PATIENT).toBe(false);
    await page.getByRole("button", { name: "Show conversations" }).tap();
    await drawer.waitFor();
    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Show conversations" }).tap();
    await page.getByRole("button", { name: "New conversation", exact: true }).tap();
    await drawer.waitFor({ state: "hidden" });
    await chat.title.filter({ hasText: "New conversation" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each([
    ["light", "desktop"],
    ["dark", "desktop"],
    ["light", "phone"],
    ["dark", "phone"],
  ] as const)("CH-10 %s on a %s has nothing that an accessibility checker minds", async (colorScheme, size) => {
    const { context, page } = await visit(browser, { colorScheme, ...(size === "phone" && PHONE) });
    await page.goto(`${gateway.address}/chat`);
    await page.getByLabel("Token").waitFor();
    expect(await complaintsOfAxe(page)).toEqual([]);
    const chat = await Webchat.begin(page, gateway.address, gateway.token);
    await chat.ask("demo markdown", "Formatting");
    await chat.ask("demo choices", "Choose a season");
    await chat.say("demo stream");
    await chat.live.filter({ hasText: "This answer" }).waitFor();
    expect(await complaintsOfAxe(page)).toEqual([]);
    await chat.field.fill("/");
    await page.getByRole("listbox", { name: "Commands" }).waitFor();
    expect(await complaintsOfAxe(page)).toEqual([]);
    await chat.field.fill("");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    expect(await complaintsOfAxe(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(background).toBe(colorScheme === "dark" ? "rgb(25, 26, 28)" : "rgb(251, 250, 248)");
    await page.getByRole("button", { name: "Stop the answer" }).click();
    await chat.settled();
    await context.close();
  });

  it("CH-10 is used by keyboard alone, and one sees where one is", async () => {
    const { context, page } = await visit(browser);
    const chat = await Webchat.begin(page, gateway.address, gateway.token);
    await expect.poll(() => chat.field.evaluate((field) => field === document.activeElement), PATIENT).toBe(true);
    await page.keyboard.type("demo buttons");
    await page.keyboard.press("Enter");
    await chat.answer("Press one").waitFor();
    await chat.settled();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    for (let tabs = 0; tabs < 20 && (await focused()) !== "No"; tabs += 1) await page.keyboard.press("Shift+Tab");
    expect(await focused()).toBe("No");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
    expect(outline).toBe("solid");
    await page.keyboard.press("Enter");
    await chat.answer("I pressed no").waitFor();
    await context.close();
  });

  it("CH-10 tells readers of screens what came, once it is whole, and when the line breaks", async () => {
    const { context, page } = await visit(browser);
    const chat = await Webchat.begin(page, gateway.address, gateway.token);
    const announced = page.locator('.unseen[aria-live="polite"]');
    await chat.ask("first");
    await chat.ask("second");
    await expect.poll(() => textOf(announced), PATIENT).toBe("second");
    await context.setOffline(true);
    await gateway.kill();
    await expect.poll(() => textOf(announced), PATIENT).toBe("The connection is lost.");
    await gateway.start();
    await context.setOffline(false);
    await expect.poll(() => textOf(announced), PATIENT).toBe("Connected again.");
    await context.close();
  });

  it("CH-10 without motion nothing glides or blinks", async () => {
    const { context, page } = await visit(browser, { reducedMotion: "reduce" });
    const chat = await Webchat.begin(page, gateway.address, gateway.token);
    await chat.say("demo stream");
    await chat.live.filter({ hasText: "This answer" }).waitFor();
    const running = await page.evaluate(
      () => document.getAnimations().filter(({ playState }) => playState === "running").length,
    );
    expect(running).toBe(0);
    await context.close();
  });
});
