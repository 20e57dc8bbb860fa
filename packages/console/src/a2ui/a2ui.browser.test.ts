/** The pages that draw A2UI, as native apps and documents use them, in a real browser behind a real gateway. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { GatewayClient } from "@switchboard/client";
import { nodeGatewayClient } from "@switchboard/client/node";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildIfStale } from "../../build-if-stale.ts";
import { complaintsOfAxe } from "../test-support/accessible.ts";
import { inChromium, launch, PATIENT, type Visit, visit } from "../test-support/chromium.ts";
import { type GatewayProcess, startGatewayProcess } from "../test-support/gateway-process.ts";
import { PROBE, REFUSED } from "../test-support/probe.ts";
import { STATUS_EVENT, type Surroundings } from "./contract.ts";

type App = Surroundings & { heard: unknown[]; violations: string[]; tried?: Record<string, string> };

const literal = (literalString: string) => ({ literalString });
const part = (id: string, component: object) => ({ id, component });

/** A surface of v0.8: a heading, a text that comes from the data, a button that sends some of it along. */
const V08 = [
  {
    surfaceUpdate: {
      surfaceId: "main",
      components: [
        part("root", { Column: { children: { explicitList: ["title", "text", "book"] } } }),
        part("title", { Text: { text: literal("Table for two"), usageHint: "h1" } }),
        part("text", { Text: { text: { path: "/when" } } }),
        part("label", { Text: { text: literal("Book it") } }),
        part("book", {
          Button: {
            child: "label",
            primary: true,
            action: {
              name: "book",
              context: [
                { key: "when", value: { path: "/when" } },
                { key: "persons", value: { literalNumber: 2 } },
              ],
            },
          },
        }),
      ],
    },
  },
  { dataModelUpdate: { surfaceId: "main", contents: [{ key: "when", valueString: "Friday at eight" }] } },
  { beginRendering: { surfaceId: "main", root: "root" } },
];

/** The same in v0.9. */
const V09 = [
  {
    version: "v0.9",
    createSurface: {
      surfaceId: "main",
      catalogId: "https://a2ui.org/specification/v0_9/catalogs/basic/catalog.json",
    },
  },
  {
    version: "v0.9",
    updateComponents: {
      surfaceId: "main",
      components: [
        { id: "root", component: "Column", children: ["title", "text", "book"] },
        { id: "title", component: "Text", text: "Table for two", variant: "h1" },
        { id: "text", component: "Text", text: { path: "/when" } },
        { id: "label", component: "Text", text: "Book it" },
        {
          id: "book",
          component: "Button",
          child: "label",
          variant: "primary",
          action: { event: { name: "book", context: { when: { path: "/when" }, persons: 2 } } },
        },
      ],
    },
  },
  { version: "v0.9", updateDataModel: { surfaceId: "main", path: "/", value: { when: "Friday at eight" } } },
];

const PRESSED = {
  name: "book",
  surfaceId: "main",
  sourceComponentId: "book",
  context: { when: "Friday at eight", persons: 2 },
};

inChromium("DEV-11 the page that draws A2UI", () => {
  let browser: Browser;
  let gateway: GatewayProcess;
  let client: GatewayClient;
  let rogue: Server;
  let canvas: string;
  let elsewhere: string;
  const heard: string[] = [];

  beforeAll(async () => {
    await buildIfStale();
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
    canvas = (await client.connect()).pluginSurfaceUrls?.canvas ?? "";
  }, 120_000);
  afterAll(async () => {
    client?.close();
    rogue?.close();
    await browser?.close();
    await gateway?.[Symbol.asyncDispose]();
  });

  /** A view of a native app: something it set before the page runs, and what it hears. */
  async function view(kind: "apple" | "android" | "browser"): Promise<Visit> {
    const opened = await visit(browser);
    await opened.page.addInitScript((which) => {
      const app = globalThis as unknown as Record<string, unknown> & { heard: unknown[]; violations: string[] };
      app.heard = [];
      app.violations = [];
      addEventListener("securitypolicyviolation", ({ blockedURI, violatedDirective }) =>
        app.violations.push(`${violatedDirective} ${blockedURI}`),
      );
      const handler = {
        postMessage(this: unknown, message: unknown) {
          if (this !== handler) throw new TypeError("Illegal invocation");
          app.heard.push(message);
        },
      };
      if (which === "apple") app.webkit = { messageHandlers: { openclawCanvasA2UIAction: handler } };
      if (which === "android") app.openclawCanvasA2UIAction = handler;
    }, kind);
    return opened;
  }

  const apply = (page: Page, messages: unknown) =>
    page.evaluate((given) => {
      try {
        return JSON.stringify((globalThis as unknown as Surroundings).openclawA2UI?.applyMessages(given));
      } catch (error) {
        return String(error);
      }
    }, messages);
  const said = (page: Page) => page.evaluate(() => (globalThis as unknown as App).heard);
  const violations = (page: Page) => page.evaluate(() => (globalThis as unknown as App).violations);
  const status = (page: Page, detail: object) =>
    page.evaluate(([name, about]) => dispatchEvent(new CustomEvent(name as string, { detail: about })), [
      STATUS_EVENT,
      detail,
    ] as const);

  it.each([
    ["apple", "index.html", V08],
    ["android", "?platform=android", V08],
    ["apple", "v0.9.html", V09],
    ["android", "v0.9.html?platform=android", V09],
  ] as const)(
    "DEV-11 in a view of %s draws at %s what it is given, and says what is pressed",
    async (kind, path, messages) => {
      await using opened = await view(kind);
      const { complaints, page } = opened;
      await page.goto(`${canvas}/__openclaw__/a2ui/${path}`);
      await expect.poll(() => page.getByText("Nothing to show yet").isVisible(), PATIENT).toBe(true);
      expect(await apply(page, messages)).toBe('{"ok":true,"surfaces":["main"]}');
      await page.getByRole("heading", { name: "Table for two", level: 1 }).waitFor();
      await page.getByText("Friday at eight").waitFor();
      if (process.env.A2UI_PICTURES) {
        await page.screenshot({ path: `${process.env.A2UI_PICTURES}/${kind}-${path.replaceAll(/\W/g, "_")}.png` });
      }
      await page.getByRole("button", { name: "Book it" }).click();
      await expect.poll(() => said(page), PATIENT).toHaveLength(1);
      const [message] = await said(page);
      // Android's views take strings, Apple's take objects.
      expect(typeof message).toBe(kind === "android" ? "string" : "object");
      const { userAction } = typeof message === "string" ? JSON.parse(message) : message;
      expect(userAction).toMatchObject(PRESSED);
      expect(Date.parse(userAction.timestamp)).not.toBeNaN();

      const remarks = page.getByRole("status");
      await expect.poll(() => remarks.textContent(), PATIENT).toContain("Sending: book");
      await status(page, { id: "another", ok: false, error: "not this one" });
      await status(page, { id: userAction.id, ok: true, error: "" });
      await expect.poll(() => remarks.textContent(), PATIENT).toContain("Working: book");
      await apply(
        page,
        [messages.at(-1)].filter((each) => each !== undefined && !("beginRendering" in each)),
      );
      await expect.poll(async () => (await remarks.textContent())?.trim(), PATIENT).toBe("");
      expect(await complaintsOfAxe(page)).toEqual([]);
      expect([complaints, await violations(page)]).toEqual([[], []]);

      const cleared = await page.evaluate(() => {
        const { openclawA2UI: host } = globalThis as unknown as Surroundings;
        return [host?.getSurfaces(), host?.reset(), host?.getSurfaces()];
      });
      expect(cleared).toEqual([["main"], { ok: true }, []]);
      await page.getByText("Nothing to show yet").waitFor();
    },
  );

  it("DEV-11 data that changes is drawn, and a surface that is deleted goes", async () => {
    await using opened = await view("apple");
    const { page } = opened;
    await page.goto(`${canvas}/__openclaw__/a2ui/`);
    await apply(page, V08);
    await apply(page, [{ dataModelUpdate: { surfaceId: "main", contents: [{ key: "when", valueString: "Sunday" }] } }]);
    await page.getByText("Sunday").waitFor();
    expect(await apply(page, [{ deleteSurface: { surfaceId: "main" } }])).toBe('{"ok":true,"surfaces":[]}');
    await page.getByText("Nothing to show yet").waitFor();
  });

  it("DEV-11 what an app could not send, and what nobody takes, is said", async () => {
    for (const kind of ["apple", "browser"] as const) {
      await using opened = await view(kind);
      const { page } = opened;
      await page.goto(`${canvas}/__openclaw__/a2ui/`);
      await apply(page, V08);
      await page.getByRole("button").click();
      if (kind === "apple") {
        await expect.poll(() => said(page), PATIENT).toHaveLength(1);
        const [message] = (await said(page)) as [{ userAction: { id: string } }];
        await status(page, { id: message.userAction.id, ok: false, error: "gateway not connected" });
      }
      const wrong = kind === "apple" ? "gateway not connected" : "nobody here takes actions";
      await page.getByText(`book failed: ${wrong}`).waitFor();
    }
  });

  it.each([
    ["v0.9", "index.html", V09, "for v0.9 open v0.9.html"],
    ["v0.8", "v0.9.html", V08, "for v0.8 open index.html"],
    ["a text", "index.html", "text", "an array of messages"],
    ["null", "index.html", [null], "no object"],
    ["an unknown message", "index.html", [{ somethingElse: {} }], "exactly one of beginRendering"],
    ["two in one", "index.html", [{ beginRendering: {}, deleteSurface: {} }], "exactly one of beginRendering"],
    ["half a message", "index.html", [{ surfaceUpdate: { surfaceId: "main" } }], "surfaceUpdate"],
  ])("DEV-11 refuses %s at %s in words an app can show", async (_what, path, messages, words) => {
    await using opened = await view("apple");
    await opened.page.goto(`${canvas}/__openclaw__/a2ui/${path}`);
    expect(await apply(opened.page, messages)).toContain(words);
  });

  it("DEV-11 reaches no cookie, no storage and nobody else", async () => {
    await using opened = await view("browser");
    const { page } = opened;
    await page.goto(`${gateway.address}/healthz`);
    const signedIn = await page.evaluate(async (token) => {
      localStorage.setItem("secret", "kept");
      return (await fetch("/session", { method: "POST", headers: { authorization: `Bearer ${token}` } })).status;
    }, gateway.token);
    expect([signedIn, await page.context().cookies()]).toEqual([204, [expect.anything()]]);
    await page.goto(`${canvas}/__openclaw__/a2ui/`);
    await page.evaluate(
      ([probe, where]) => {
        Object.assign(globalThis, { where });
        const script = document.createElement("script");
        script.textContent = probe as string;
        document.head.append(script);
      },
      [PROBE, { gateway: gateway.address, elsewhere }] as const,
    );
    await expect.poll(() => page.title(), PATIENT).toBe("done");
    const tried = (await page.evaluate(() => (globalThis as unknown as App).tried)) ?? {};
    expect(tried.origin).toBe("null");
    expect(REFUSED.map((name) => [name, tried[name]?.startsWith("refused ")])).toEqual(
      REFUSED.map((name) => [name, true]),
    );
    expect(heard.filter((path) => path !== "/favicon.ico")).toEqual([]);
  });

  it("DEV-11 what an agent has it draw loads nothing from elsewhere, and runs nothing", async () => {
    await using opened = await view("apple");
    const { page } = opened;
    await page.goto(`${canvas}/__openclaw__/a2ui/`);
    const markdown = `<img src="${elsewhere}/text.png" onerror="heard.push(1)"><script>heard.push(2)</script>`;
    const link = "[out](javascript:heard.push(3))";
    const answer = await apply(page, [
      {
        surfaceUpdate: {
          surfaceId: "main",
          components: [
            part("root", { Column: { children: { explicitList: ["image", "video", "text", "link"] } } }),
            part("image", { Image: { url: literal(`${elsewhere}/image.png`) } }),
            part("video", { Video: { url: literal(`${elsewhere}/video.mp4`) } }),
            part("text", { Text: { text: literal(`${markdown} before`) } }),
            part("link", { Text: { text: literal(`${link} after`) } }),
          ],
        },
      },
      { beginRendering: { surfaceId: "main", root: "root" } },
    ]);
    expect(answer).toBe('{"ok":true,"surfaces":["main"]}');
    await page.getByText("before").waitFor();
    await page.getByText("after").waitFor();
    await expect.poll(async () => (await violations(page)).length, PATIENT).toBeGreaterThan(1);
    for (const out of await page.getByRole("link").all()) await out.click({ timeout: 1_000 }).catch(() => {});
    expect(await said(page)).toEqual([]);
    expect(heard.filter((path) => path !== "/favicon.ico")).toEqual([]);
  });

  it.each([
    ["a2ui.bundle.js", V08],
    ["a2ui-v0.9.bundle.js", V09],
  ])("DEV-11 a document draws A2UI itself with %s, also under an address of its own", async (script, messages) => {
    const boot = JSON.stringify({ messages, actionTier: "state" }).replaceAll("<", "\\u003c");
    const { documentId, path } = await client.request("canvas.document.put", {
      files: [
        {
          path: "index.html",
          text: `<!doctype html><title>Board</title>
            <script>globalThis.openclawA2UIBoot = ${boot};
              globalThis.openclaw = { state: { emit: async (event) => heard.push(event) } };</script>
            <openclaw-a2ui-host></openclaw-a2ui-host>
            <script>
              const [base] = location.pathname.match(/^\\/__openclaw__\\/cap\\/[^/]+/);
              const renderer = document.createElement("script");
              renderer.src = base + "/__openclaw__/a2ui/${script}";
              document.head.append(renderer);
            </script>`,
        },
      ],
    });
    const narrow = await client.request("plugin.surface.refresh", { surface: "canvas", documentId });
    await using opened = await view("browser");
    const { complaints, page } = opened;
    await page.goto(`${narrow.pluginSurfaceUrls.canvas}${path}`);
    await page.getByText("Friday at eight").waitFor();
    await page.getByRole("button", { name: "Book it" }).click();
    await expect.poll(() => said(page), PATIENT).toMatchObject([{ eventType: "a2ui.action", action: PRESSED }]);
    await page.getByText("Working: book").waitFor();
    expect([complaints, await violations(page)]).toEqual([[], []]);
  });
});
