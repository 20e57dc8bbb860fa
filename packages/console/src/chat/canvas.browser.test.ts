/** What a published document's scripts can do in a real browser: load their own files, and nothing else. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { GatewayClient } from "@switchboard/client";
import { nodeGatewayClient } from "@switchboard/client/node";
import type { Browser, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inChromium, launch, PATIENT, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";
import { PROBE, REFUSED } from "../test-support/probe.ts";

inChromium("DEV-11 a published document", () => {
  let browser: Browser;
  let gateway: GatewayProcess;
  let client: GatewayClient;
  let rogue: Server;
  let address: string;
  let elsewhere: string;
  const heard: string[] = [];

  beforeAll(async () => {
    [browser, gateway] = await Promise.all([launch(), startGatewayProcess()]);
    rogue = createServer((request, response) => {
      heard.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => rogue.listen(0, "127.0.0.1", resolve));
    elsewhere = `http://127.0.0.1:${(rogue.address() as AddressInfo).port}`;
    client = nodeGatewayClient({
      url: gateway.address,
      token: gateway.token,
      client: { id: "cli", mode: "cli", version: "test", platform: "test" },
      scopes: ["operator.write"],
      reconnect: false,
    });
    const hello = await client.connect();
    const where = JSON.stringify({ gateway: gateway.address, elsewhere });
    const { path } = await client.request("canvas.document.put", {
      files: [
        {
          path: "index.html",
          text: `<!doctype html><link rel=stylesheet href="style/main.css"><img id=dot src="images/dot.svg">
            <script>window.where = ${where};</script><script type=module src="probe.js"></script><p id=text>Hello</p>`,
        },
        { path: "probe.js", text: PROBE },
        { path: "module.js", text: "export const value = 'from a module';" },
        { path: "style/main.css", text: "#text { color: rgb(1, 2, 3) }" },
        { path: "images/dot.svg", text: '<svg xmlns="http://www.w3.org/2000/svg" width="7" height="7"/>' },
        { path: "data/own.json", text: '{"value":"own"}' },
      ],
    });
    address = `${hello.pluginSurfaceUrls?.canvas}${path}`;
  }, 60_000);
  afterAll(async () => {
    client?.close();
    rogue?.close();
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  /** A page of the gateway's own origin that has a session cookie and something in its storage. */
  async function signIn(page: Page): Promise<void> {
    await page.goto(`${gateway.address}/healthz`);
    const status = await page.evaluate(async (token) => {
      localStorage.setItem("secret", "kept");
      const answer = await fetch("/session", { method: "POST", headers: { authorization: `Bearer ${token}` } });
      return answer.status;
    }, gateway.token);
    expect(status).toBe(204);
    expect(await page.context().cookies()).toHaveLength(1);
  }

  async function triedIn(frame: Page | Frame): Promise<Record<string, string>> {
    await expect.poll(() => frame.evaluate(() => document.title), PATIENT).toBe("done");
    return frame.evaluate(() => (globalThis as { tried?: Record<string, string> }).tried ?? {});
  }

  function expectSandboxed(tried: Record<string, string>): void {
    const refused = REFUSED.map((name) => [name, tried[name]?.startsWith("refused ")]);
    expect(refused).toEqual(REFUSED.map((name) => [name, true]));
    expect(tried).toMatchObject({ origin: "null", "own data": "own", "own module": "from a module" });
    expect(heard.filter((path) => path !== "/favicon.ico")).toEqual([]);
  }

  it("DEV-11 opened by itself loads its own files and reaches nothing else", async () => {
    await using opened = await visit(browser);
    const { page } = opened;
    await signIn(page);
    await page.goto(address);
    expectSandboxed(await triedIn(page));
    expect(await page.locator("#text").evaluate((text) => getComputedStyle(text).color)).toBe("rgb(1, 2, 3)");
    expect(await page.locator("#dot").evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(7);
  });

  it("DEV-11 in a frame of the gateway's own page is another site to it", async () => {
    await using opened = await visit(browser);
    const { page } = opened;
    await signIn(page);
    await page.evaluate((source) => {
      const frame = document.createElement("iframe");
      frame.src = source;
      document.body.append(frame);
    }, address);
    await expect.poll(() => page.frames().length, PATIENT).toBe(2);
    const [, frame] = page.frames();
    if (!frame) throw new Error("there is no frame");
    expectSandboxed(await triedIn(frame));
  });

  it("DEV-11 is shown in no frame of another site", async () => {
    await using opened = await visit(browser);
    const { page } = opened;
    await page.goto(`${elsewhere.replace("127.0.0.1", "localhost")}/`);
    await page.setContent(`<iframe src="${address}"></iframe>`);
    await expect.poll(() => opened.complaints.join(), PATIENT).toMatch(/frame-ancestors|refused to connect|Framing/);
  });
});
