/** WebChat in a browser against the real gateway: what people do there. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { inChromium, launch, PATIENT, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";
import { textOf, Webchat } from "../test-support/webchat.ts";

inChromium("CH-10 talking in WebChat", () => {
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

  const begin = async () => {
    const opened = await visit(browser);
    return { ...opened, chat: await Webchat.begin(opened.page, gateway.address, gateway.token) };
  };

  it("CH-10 sends, receives, and has it all after a reload", async () => {
    const { chat, complaints, context, page } = await begin();
    await chat.ask("The first words, with ümläuts 漢字 👩‍👩‍👧‍👦");
    await chat.ask("The second words");
    const before = await chat.log.locator(".message").allInnerTexts();
    await page.reload();
    await chat.answer("The second words").waitFor();
    expect(await chat.said.allInnerTexts()).toHaveLength(2);
    expect(await chat.log.locator(".message").allInnerTexts()).toEqual(before);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it("AGT-4 streams an answer word by word; Stop ends it and what was said stays, also after a reload", async () => {
    const { chat, context, page } = await begin();
    await chat.say("demo stream");
    const seen = new Set<number>();
    await expect
      .poll(
        async () => {
          seen.add((await textOf(chat.live)).length);
          return seen.size;
        },
        { ...PATIENT, interval: 30 },
      )
      .toBeGreaterThan(4);
    await page.getByRole("button", { name: "Stop the answer" }).click();
    await chat.answer("This answer comes").waitFor();
    await chat.settled();
    expect(await textOf(chat.answers)).toContain("Stopped here.");
    expect(await textOf(chat.answers)).not.toContain("a lane of its own");
    await page.reload();
    await chat.answer("Stopped here.").waitFor();
    expect(await chat.said.count()).toBe(1);
    await context.close();
  });

  it("CH-10 Escape stops the answer too", async () => {
    const { chat, context, page } = await begin();
    await chat.say("demo stream");
    await chat.live.filter({ hasText: "This answer" }).waitFor();
    await page.keyboard.press("Escape");
    await chat.answer("Stopped here.").waitFor();
    await context.close();
  });

  it("CH-10 an answer that is being written goes on after a reload and in a second window", async () => {
    const { chat, context, page } = await begin();
    await chat.say("demo stream");
    await chat.live.filter({ hasText: "word by word" }).waitFor();
    const second = await context.newPage();
    await second.goto(page.url());
    const other = new Webchat(second);
    await page.reload();
    await Promise.all([chat.live.filter({ hasText: "This answer comes" }).waitFor(), other.live.waitFor()]);
    for (const each of [chat, other]) {
      await each.answer(/^This answer comes word by word.*a lane of its own\./s).waitFor({ timeout: 20_000 });
      await each.settled();
      expect(await each.said.count()).toBe(1);
      expect(await each.answers.count()).toBe(1);
    }
    await context.close();
  });

  it("MSG-4 a pressed button comes back as a message; only the newest message's buttons can be pressed", async () => {
    const { chat, context, page } = await begin();
    await chat.ask("demo buttons", "Press one");
    const yes = page.getByRole("button", { name: "Yes", exact: true });
    const link = page.getByRole("link", { name: "What Markdown is" });
    expect(await link.getAttribute("rel")).toContain("noopener");
    await yes.click();
    await chat.answer("I pressed yes").waitFor();
    await chat.settled();
    expect(await textOf(chat.said.last())).toContain("I pressed yes");
    expect(await yes.isDisabled()).toBe(true);
    await chat.ask("demo choices", "Choose a season");
    await page.getByRole("combobox", { name: "Season" }).selectOption({ label: "Autumn" });
    await chat.answer("I chose autumn").waitFor();
    await context.close();
  });

  it("MSG-4 reasoning is folded away, Markdown is drawn, code can be copied", async () => {
    const { chat, context, page } = await begin();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await chat.ask("demo thinking", "I thought about it first.");
    const reasoning = chat.log.locator("details");
    expect(await reasoning.getAttribute("open")).toBeNull();
    await reasoning.locator("summary").click();
    await reasoning.getByText("I can pretend").waitFor();
    await chat.ask("demo markdown", "Formatting");
    const answer = chat.answers.last();
    for (const tag of ["h1", "strong", "em", "del", "blockquote", "ol", "ul ul, ol ul", "table", "hr", "pre"]) {
      expect(await answer.locator(tag).count(), tag).toBeGreaterThan(0);
    }
    await answer.getByRole("button", { name: "Copy code" }).click();
    await answer.getByRole("button", { name: "Copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'const greeting: string = "hello";\nconsole.log(greeting);',
    );
    await context.close();
  });

  it("AGT-5 offers the commands on a slash, by keyboard; /new begins anew and says so", async () => {
    const { chat, context, page } = await begin();
    await chat.ask("something to forget");
    await chat.field.pressSequentially("/");
    const commands = page.getByRole("listbox", { name: "Commands" }).getByRole("option");
    expect(await commands.count()).toBeGreaterThan(5);
    await chat.field.pressSequentially("sta");
    expect(await commands.allInnerTexts()).toHaveLength(2);
    await page.keyboard.press("Escape");
    await commands.first().waitFor({ state: "detached" });
    await chat.field.fill("/model");
    await page.keyboard.press("Tab");
    expect(await chat.field.inputValue()).toBe("/model ");
    await chat.field.fill("/ne");
    await page.keyboard.press("Enter");
    await chat.answer("A new conversation").waitFor();
    await chat.settled();
    await chat.ask("after it");
    await chat.log.getByText("The agent forgot what stands above", { exact: false }).waitFor();
    await chat.ask("/menu", "Verbosity");
    await page.getByRole("button", { name: "Thinking", exact: true }).click();
    await page.getByRole("button", { name: "high", exact: true }).click();
    await chat.answer("Thinking is now high").waitFor();
    await context.close();
  });

  it("CH-10 Shift+Enter makes a line, arrow-up brings back what was said, drafts outlive a reload", async () => {
    const { chat, context, page } = await begin();
    await chat.field.pressSequentially("one");
    await page.keyboard.press("Shift+Enter");
    await chat.field.pressSequentially("two");
    await page.keyboard.press("Enter");
    await chat.answer("one").waitFor();
    await chat.settled();
    expect(await textOf(chat.said.locator(".typed"))).toBe("one\ntwo");
    await chat.ask("three");
    await page.keyboard.press("ArrowUp");
    expect(await chat.field.inputValue()).toBe("three");
    await page.keyboard.press("ArrowUp");
    expect(await chat.field.inputValue()).toBe("one\ntwo");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await chat.field.inputValue()).toBe("");
    await chat.field.fill("half a thought");
    const here = await textOf(chat.title);
    await page.getByRole("button", { name: "New conversation", exact: true }).click();
    expect(await chat.field.inputValue()).toBe("");
    await chat.field.fill("another thought");
    await page.goBack();
    await chat.title.filter({ hasText: here }).waitFor();
    expect(await chat.field.inputValue()).toBe("half a thought");
    await page.reload();
    await chat.connected();
    expect(await chat.field.inputValue()).toBe("half a thought");
    await context.close();
  });

  it("CH-10 lists sessions live, finds them by Ctrl+K, and keeps them apart", async () => {
    const { chat, context, page } = await begin();
    await chat.ask("the zebra conversation");
    const first = page.url();
    await page.getByRole("button", { name: "New conversation", exact: true }).click();
    await chat.ask("the walrus conversation");
    await page.locator(".session-line", { hasText: "walrus" }).waitFor();
    expect(await textOf(chat.log)).not.toContain("zebra");
    await page.keyboard.press("Control+k");
    const search = page.getByRole("dialog", { name: "Search conversations" });
    await search.getByRole("combobox").fill("zebra");
    await expect.poll(() => search.getByRole("option").count(), PATIENT).toBe(1);
    await page.keyboard.press("Enter");
    await chat.answer("the zebra conversation").waitFor();
    expect(page.url()).toBe(first);
    // The other side of the list: what happens elsewhere shows without anybody asking.
    const elsewhere = await visit(browser);
    const other = await Webchat.begin(elsewhere.page, gateway.address, gateway.token);
    await other.ask("the quokka conversation");
    await page.locator(".session-line", { hasText: "quokka" }).waitFor();
    await elsewhere.context.close();
    await context.close();
  });

  it("AGT-1 says plainly that an answer failed, and tries again on request", async () => {
    const { chat, context, page } = await begin();
    await chat.say("demo fail");
    await chat.live.filter({ hasText: "Trying again" }).waitFor({ timeout: 15_000 });
    const failure = chat.log.getByRole("note").filter({ hasText: "AGENT_001" });
    await failure.waitFor({ timeout: 30_000 });
    await chat.settled();
    expect(await chat.said.count()).toBe(1);
    await failure.getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => chat.said.count(), PATIENT).toBe(2);
    await page.getByRole("button", { name: "Stop the answer" }).click();
    await context.close();
  });
});
