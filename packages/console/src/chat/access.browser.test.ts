/** How the page gets in, and what it never gives away. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { inChromium, launch, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";
import { Webchat } from "../test-support/webchat.ts";

inChromium("CVE-2026-25253 access to WebChat", () => {
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

  /** Everything a script of the page could read. */
  const readable = (page: Page) =>
    page.evaluate(() =>
      JSON.stringify([
        location.href,
        document.cookie,
        { ...localStorage },
        { ...sessionStorage },
        history.state,
        performance.getEntries().map(({ name }) => name),
      ]),
    );

  it("CVE-2026-25253 the token leaves the address at once and is kept nowhere a script can read", async () => {
    const { context, page } = await visit(browser);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const chat = await Webchat.open(page, gateway.address, gateway.token);
    expect(page.url()).not.toContain(gateway.token);
    await chat.ask("something to remember");
    expect(await readable(page)).not.toContain(gateway.token);
    expect(asked.join("\n")).not.toContain(gateway.token);
    const cookies = await context.cookies();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Strict", name: `switchboard_${gateway.port}` });
    expect(cookies[0]?.value).not.toContain(gateway.token);
    // Going back does not bring it back either.
    await page.goto("about:blank");
    await page.goBack();
    await chat.connected();
    expect(page.url()).not.toContain(gateway.token);
    await context.close();
  });

  it("DEV-5 asks for the token without a session, says when it is wrong, and lets in who has it, also after a restart", async () => {
    const { context, page } = await visit(browser);
    await page.goto(`${gateway.address}/chat`);
    const field = page.getByLabel("Token");
    await field.fill("a wrong one");
    await page.getByRole("button", { name: "Open" }).click();
    await page.getByRole("alert").filter({ hasText: "This is not the gateway's token." }).waitFor();
    expect(await field.inputValue()).toBe("");
    await field.fill("with\tspaces and ümläuts");
    await field.press("Enter");
    await page.getByRole("alert").filter({ hasText: "not the gateway's token" }).waitFor();
    await field.fill(gateway.token);
    await field.press("Enter");
    const chat = new Webchat(page);
    await chat.connected();
    await gateway.kill();
    await gateway.start();
    await page.reload();
    await chat.connected();
    expect(await page.getByLabel("Token").count()).toBe(0);
    await context.close();
  });

  it("CVE-2026-25253 a wrong token in the fragment is taken out too, and ends nobody's session", async () => {
    const { context, page } = await visit(browser);
    await page.goto(`${gateway.address}/chat#token=wrong-one`);
    await page.getByRole("alert").filter({ hasText: "not the gateway's token" }).waitFor();
    expect(page.url()).toBe(`${gateway.address}/chat`);
    await Webchat.open(page, gateway.address, gateway.token);
    await page.goto("about:blank");
    await page.goto(`${gateway.address}/chat#token=wrong-one`);
    await new Webchat(page).connected();
    expect(page.url()).not.toContain("wrong-one");
    await context.close();
  });

  it("CVE-2026-25253 no address in the page's own address is ever spoken to", async () => {
    const heard: string[] = [];
    const rogue = createServer((request) => heard.push(`http ${request.url}`)).on("upgrade", (request, socket) => {
      heard.push(`ws ${request.url}`);
      socket.destroy();
    });
    await new Promise<void>((resolve) => rogue.listen(0, "127.0.0.1", resolve));
    const { port } = rogue.address() as AddressInfo;
    const { context, page } = await visit(browser);
    await Webchat.open(page, gateway.address, gateway.token);
    for (const name of ["gatewayUrl", "gateway", "url", "ws", "host"]) {
      const address = encodeURIComponent(`ws://127.0.0.1:${port}`);
      await page.goto(`${gateway.address}/chat?${name}=${address}#${name}=${address}`);
      await page.reload();
      await new Webchat(page).connected();
    }
    expect(heard).toEqual([]);
    await context.close();
    rogue.close();
  });

  it("CVE-2026-25253 another site's page can neither frame the chat nor use its session", async () => {
    const { context, page } = await visit(browser);
    await Webchat.open(page, gateway.address, gateway.token);
    const other = createServer((_request, response) => {
      response.setHeader("content-type", "text/html").end(`<iframe src="${gateway.address}/chat"></iframe>`);
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const attacker = await context.newPage();
    await attacker.goto(`http://127.0.0.1:${port}/`);
    await attacker.waitForLoadState("networkidle");
    expect(await attacker.frameLocator("iframe").locator("#root").count()).toBe(0);
    // The same browser, the same machine, even the cookie is sent along: cookies know no ports.
    const verdict = await attacker.evaluate(
      (address) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(address);
          const client = { id: "webchat-ui", version: "1", platform: "web", mode: "webchat" };
          const params = { minProtocol: 4, maxProtocol: 4, client, scopes: ["operator.read", "operator.admin"] };
          socket.onmessage = ({ data }) => {
            const frame = JSON.parse(String(data)) as { event?: string; type?: string };
            if (frame.event === "connect.challenge") {
              socket.send(JSON.stringify({ type: "req", id: "1", method: "connect", params }));
            } else if (frame.type === "res") resolve(String(data));
          };
          socket.onclose = () => resolve("closed");
        }),
      gateway.address.replace("http", "ws"),
    );
    expect(verdict).not.toContain("hello-ok");
    await context.close();
    other.close();
  });

  it("DEV-5 says why it cannot be used over plain HTTP from a public host, instead of asking for the token", async () => {
    const { context, page } = await visit(browser);
    await context.route("http://chat.example/**", async (route) => {
      const answer = await fetch(gateway.address + new URL(route.request().url()).pathname);
      await route.fulfill({
        status: answer.status,
        body: Buffer.from(await answer.arrayBuffer()),
        contentType: answer.headers.get("content-type") ?? "",
      });
    });
    await page.goto("http://chat.example/chat");
    await page.getByText("The gateway is on a public host").waitFor();
    expect(await page.getByLabel("Token").count()).toBe(0);
    await context.close();
  });
});
