/** The sandbox's page against the real sandbox server, a real gateway and the installed simulators. */
import type { Sandbox, SimulatedPlatform } from "@switchboard/sandbox";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { complaintsOfAxe } from "../test-support/accessible.ts";
import { inChromium, launch, PATIENT, visit } from "../test-support/chromium.ts";
import type { GatewayProcess } from "../test-support/gateway-process.ts";
import { type SandboxWorld, startSandboxWorld } from "../test-support/sandbox.ts";
import { textOf, Webchat } from "../test-support/webchat.ts";

inChromium("CH-10 the sandbox's page", () => {
  let browser: Browser;
  let world: SandboxWorld;
  let platforms: readonly SimulatedPlatform[];
  let gateway: GatewayProcess;
  let sandbox: Sandbox;

  beforeAll(async () => {
    await buildIfStale();
    [browser, world] = await Promise.all([launch(), startSandboxWorld()]);
    ({ gateway, platforms, sandbox } = world);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  const lines = (page: Page) => page.locator(".trace-line");
  const chatIn = (page: Page) => new Webchat(page, page.frameLocator('iframe[title="WebChat"]'));

  it("CH-10 shows WebChat without asking for a token, every platform's pane, and traces of both", async () => {
    const { complaints, context, page } = await visit(browser, { viewport: { width: 1400, height: 800 } });
    await page.goto(sandbox.url);
    await page.getByText("Gateway running").waitFor();
    const chat = chatIn(page);
    await chat.connected();
    await chat.ask("hello from the frame");
    const line = lines(page).filter({ hasText: "hello from the frame" });
    await line.filter({ hasText: /received.*admitted.*started.*done.*sent/s }).waitFor();
    for (const { id, label, simulator } of platforms) {
      await page.getByRole("tab", { name: `${label}, simulated` }).click();
      await page.frameLocator(`iframe[title="${label}, simulated"]`).locator("button:visible").first().waitFor();
      await simulator.say({ from: "Ada", text: `hello over ${label}` });
      await lines(page)
        .filter({ hasText: `hello over ${label}` })
        .filter({ hasText: id })
        .filter({ hasText: /received.*admitted.*started.*done.*sent/s })
        .waitFor();
    }
    // Newest first.
    expect(await textOf(lines(page).first())).not.toContain("hello from the frame");
    expect(await page.content()).not.toContain(gateway.token);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("CH-10 a line opens to every step with its time and ids; the filter shows one channel", async () => {
    const { context, page } = await visit(browser, { viewport: { width: 1400, height: 800 } });
    await page.goto(sandbox.url);
    const line = lines(page).filter({ hasText: "hello from the frame" });
    // What happened before this page was opened is there too.
    await line.getByRole("button").first().click();
    await line.getByText("evt_").waitFor();
    for (const step of ["received", "admitted", "queued", "started", "done", "answer-queued", "sent"]) {
      expect(await line.locator(".step-name", { hasText: step }).count(), step).toBeGreaterThan(0);
    }
    expect(await textOf(line.locator(".step-at").first())).toBe("+0 ms");
    for (const prefix of ["evt_", "trn_", "dlv_"]) {
      expect(await line.locator("dd", { hasText: prefix }).count(), prefix).toBe(1);
    }
    // Receipts have lines of their own.
    const all = await lines(page).filter({ hasText: "hello" }).count();
    await page.getByRole("combobox", { name: "Channel" }).selectOption("webchat");
    await expect.poll(() => lines(page).count(), PATIENT).toBe(1);
    expect(all).toBe(1 + platforms.length);
    await context.close();
  });

  it("Q-3 failures stand out in red with their reason", async () => {
    const { context, page } = await visit(browser, { viewport: { width: 1400, height: 800 } });
    await page.goto(sandbox.url);
    const chat = chatIn(page);
    await chat.connected();
    await chat.say("demo fail");
    const line = lines(page).filter({ hasText: "demo fail" }).first();
    await line.locator(".leg.waiting", { hasText: "retrying" }).first().waitFor();
    await expect.poll(() => line.getAttribute("data-state"), { timeout: 30_000 }).toBe("bad");
    await line.getByRole("button").first().click();
    await line.getByText("AGENT_001").first().waitFor();
    await context.close();
  });

  it("Q-6 a visitor kills the gateway in mid-answer and sees that nothing is lost", async () => {
    const { complaints, context, page } = await visit(browser, { viewport: { width: 1400, height: 800 } });
    await page.goto(sandbox.url);
    const chat = chatIn(page);
    await chat.connected();
    await chat.say("demo stream");
    await chat.live.filter({ hasText: "word by word" }).waitFor();
    const before = await lines(page).count();
    await page.getByRole("button", { name: /^Kill/ }).click();
    await page.getByText("Gateway down").waitFor();
    expect(await lines(page).count()).toBe(before);
    await chat.say("said while it was dead");
    const [platform] = platforms;
    await platform?.simulator.say({ from: "Ada", text: "written while it was dead" });
    await page.getByRole("button", { name: "Restart" }).click();
    await page.getByText("Gateway running, started 2 times").waitFor();
    await chat.answer("said while it was dead").waitFor({ timeout: 30_000 });
    await chat.settled();
    for (const text of ["demo stream", "said while it was dead", "written while it was dead"]) {
      await lines(page).filter({ hasText: text }).first().filter({ hasText: /sent/ }).waitFor({ timeout: 20_000 });
    }
    expect(await chat.said.filter({ hasText: "said while it was dead" }).count()).toBe(1);
    expect(await chat.answers.filter({ hasText: "a lane of its own." }).count()).toBe(1);
    expect(complaints.filter((each) => !/503|ERR_/.test(each))).toEqual([]);
    await context.close();
  });

  it("CH-10 columns move by keyboard and stay so; on a phone there are tabs, and no frame loads twice", async () => {
    const { context, page } = await visit(browser, { viewport: { width: 1400, height: 800 }, colorScheme: "dark" });
    await page.goto(sandbox.url);
    const chat = chatIn(page);
    await chat.connected();
    expect(await complaintsOfAxe(page)).toEqual([]);
    const border = page.getByRole("separator").first();
    const width = () => page.getByRole("region", { name: "WebChat" }).evaluate((panel) => panel.clientWidth);
    const first = await width();
    await border.focus();
    for (let press = 0; press < 4; press += 1) await page.keyboard.press("ArrowRight");
    const wider = await width();
    expect(wider).toBeGreaterThan(first + 50);
    await page.reload();
    await chat.connected();
    expect(await width()).toBe(wider);
    await chat.field.fill("a draft that a reload of the frame would put elsewhere");
    const loads: string[] = [];
    page.on("framenavigated", (frame) => loads.push(frame.url()));
    await page.setViewportSize({ width: 375, height: 667 });
    await page.getByRole("tab", { name: "Trace" }).click();
    await lines(page).first().waitFor();
    expect(await complaintsOfAxe(page)).toEqual([]);
    await page.getByRole("tab", { name: "WebChat" }).click();
    expect(await chat.field.inputValue()).toContain("a draft");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tab", { selected: true }).innerText()).not.toBe("WebChat");
    expect(loads.filter((url) => url.includes("/chat"))).toEqual([]);
    await context.close();
  });
});
