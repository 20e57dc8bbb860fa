/** Documents over real sockets: who is shown what, under which address, and with which words to the browser. */
import { lstat, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { CANVAS_LIMITS } from "@switchboard/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestGateway, type TestGateway } from "../test-support/gateway.ts";
import { TestDevice } from "../test-support/test-device.ts";
import { RawClient } from "../ws/harness.test.util.ts";

interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Sends a request exactly as written: no client tidies up its target. */
function raw(
  url: string,
  target: string,
  { method = "GET", headers = [] as string[], host = "" } = {},
): Promise<Answer> {
  const { port, host: own } = new URL(url);
  const lines = [`${method} ${target} HTTP/1.1`, `Host: ${host || own}`, ...headers, "Connection: close"];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
    let text = "";
    socket.on("data", (data) => {
      text += data.toString("latin1");
    });
    socket.once("error", reject);
    socket.once("close", () => {
      const [head = "", ...body] = text.split("\r\n\r\n");
      const [first = "", ...fields] = head.split("\r\n");
      const named = fields.map((field): [string, string] => {
        const [name = "", ...value] = field.split(": ");
        return [name.toLowerCase(), value.join(": ")];
      });
      resolve({ status: Number(first.split(" ")[1]), headers: new Map(named), body: body.join("\r\n\r\n") });
    });
  });
}

const PAGE = "<!doctype html><title>Hello</title><script src=app.js></script>";

async function published(gateway: TestGateway, more: Record<string, unknown> = {}): Promise<string> {
  const { documentId } = await gateway.request("canvas.document.put", {
    files: [
      { path: "index.html", text: PAGE },
      { path: "app.js", text: "1" },
      { path: "images/logo one.png", content: Buffer.from([137, 80, 78, 71]).toString("base64") },
    ],
    ...more,
  });
  return documentId;
}

/** The part of a surface's address behind the host. */
async function capability(gateway: TestGateway, documentId?: string): Promise<string> {
  const { pluginSurfaceUrls } = await gateway.request("plugin.surface.refresh", {
    surface: "canvas",
    ...(documentId !== undefined && { documentId }),
  });
  return new URL(pluginSurfaceUrls.canvas ?? "").pathname;
}

const below = (base: string, document: string, path = "") =>
  `${base}/__openclaw__/canvas/documents/${document}/${path}`;

/** Connects a device of this machine with a socket of its own. */
async function joined(
  gateway: TestGateway,
  device: TestDevice,
  how: { role?: "operator" | "node"; caps?: string[]; scopes?: string[]; headers?: Record<string, string> } = {},
) {
  const client = await RawClient.open(gateway.url.replace("http", "ws"), how.headers ?? {});
  const { payload } = await client.event("connect.challenge");
  const who = how.role === "node" ? { client: { id: "node-host" as const } } : {};
  const params = device.params(String(payload.nonce), { ...who, ...how, auth: { token: gateway.token } });
  const answer = await client.call("connect", params);
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  const urls = answer.payload.pluginSurfaceUrls as Record<string, string> | undefined;
  return { client, canvas: urls?.canvas };
}

describe("documents", () => {
  let gateway: TestGateway;
  let document: string;
  let base: string;

  beforeAll(async () => {
    gateway = await startTestGateway({ agent: "echo", account: false });
    document = await published(gateway);
    base = await capability(gateway);
  });
  afterAll(() => gateway?.[Symbol.asyncDispose]());
  const get = (target: string, how: Parameters<typeof raw>[2] = {}) => raw(gateway.url, target, how);

  it("DEV-11 are served under a capability's path and with ?oc_cap=, by GET and HEAD", async () => {
    const token = base.split("/").at(-1) ?? "";
    expect(Buffer.from(token, "base64url")).toHaveLength(18);
    for (const target of [below(base, document), below("", document, `index.html?oc_cap=${token}`)]) {
      const { body, headers, status } = await get(target);
      expect([status, body]).toEqual([200, PAGE]);
      expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    }
    const logo = await get(below(base, document, "images/logo%20one.png"));
    expect([logo.status, logo.headers.get("content-type"), logo.body.length]).toEqual([200, "image/png", 4]);
    const head = await get(below(base, document), { method: "HEAD" });
    expect([head.status, head.body, head.headers.get("content-length")]).toEqual([200, "", String(PAGE.length)]);
  });

  it.each(["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])("DEV-11 take no %s", async (method) => {
    const { headers, status } = await get(below(base, document), { method, headers: ["Content-Length: 0"] });
    expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect(headers.get("content-security-policy")).toContain("sandbox");
  });

  const WAYS_OUT = [
    "../../../config.json",
    "..%2f..%2f..%2fconfig.json",
    "%2e%2e/%2e%2e/%2e%2e/config.json",
    "%2e%2e%2f%2e%2e%2f%2e%2e%2fconfig.json",
    "%252e%252e%252f%252e%252e%252fconfig.json",
    "..\\..\\..\\config.json",
    "..%5c..%5c..%5cconfig.json",
    "..%c0%af..%c0%af..%c0%afconfig.json",
    "..%ef%bc%8f..%ef%bc%8fconfig.json",
    "....//....//....//config.json",
    "./index.html",
    "images/../index.html",
    "images/..%00/../index.html",
    "index.html%00.png",
    "index.html%00",
    "/etc/passwd",
    "//etc/passwd",
    "%2fetc%2fpasswd",
    "C:/Windows/win.ini",
    "C:%5cWindows%5cwin.ini",
    "file:///etc/passwd",
    "index.html::$DATA",
    "index.html.",
    "index.html%20",
    "INDEX.HTML",
    "CON",
    "nul.html",
    "document.json",
    "%",
    "%zz",
    "images",
    "images/",
    ";/../../config.json",
    "a".repeat(200),
  ];
  it.each(WAYS_OUT)("DEV-11 nothing is at %s of a document", async (path) => {
    const { body, headers, status } = await get(below(base, document, path));
    expect(status).toBe(404);
    expect(headers.get("content-security-policy")).toContain("sandbox");
    expect(JSON.parse(body)).toMatchObject({ error: { code: "REQ_002" } });
  });

  it.each(WAYS_OUT)("DEV-11 nothing is at %s of what draws A2UI", async (path) => {
    const { headers, status } = await get(`${base}/__openclaw__/a2ui/${path}`);
    expect([status, headers.get("referrer-policy")]).toEqual([404, "no-referrer"]);
  });

  it.each(["..", ".", "", "%2e%2e", "..%2fdefault", "../default/", "~default", "CON", "a/../b"])(
    "DEV-11 no document has the id %j",
    async (id) => {
      const { status } = await get(below(base, id, "index.html"));
      expect(status).toBe(404);
    },
  );

  it.each([
    "/__openclaw__/",
    "/__openclaw__/a2ui/",
    "/__openclaw__/a2ui/a2ui.bundle.js",
    "/__openclaw__/canvas/documents/",
    "/__openclaw__/cap/",
    "/__openclaw__/cap/../../config.json",
  ])("DEV-11 nothing is at %s", async (target) => {
    const { headers, status } = await get(target);
    expect([status, headers.get("referrer-policy")]).toEqual([404, "no-referrer"]);
  });

  it("DEV-11 every answer, also a refusal, keeps the browser from more than it must do", async () => {
    const good = await get(below(base, document));
    const bad = await get(below(base, document, "nothing.html"));
    const wrong = await get(below(`/__openclaw__/cap/${"x".repeat(24)}`, document));
    for (const { headers } of [good, bad, wrong]) {
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
      expect(headers.has("set-cookie")).toBe(false);
      expect(headers.get("content-security-policy")).toMatch(/sandbox(?! allow-same-origin)/);
    }
    const policy = good.headers.get("content-security-policy")?.split("; ") ?? [];
    const own = `${gateway.url}${below(base, document)}`;
    expect(policy).toContain(`default-src ${own}`);
    expect(policy).toContain(`connect-src ${own}`);
    expect(policy).toContain("sandbox allow-scripts");
    expect(policy).toContain("frame-ancestors 'self'");
    expect(bad.body).toBe(wrong.body);
  });

  it("DEV-11 a cookie opens nothing and changes nothing", async () => {
    const session = await fetch(`${gateway.url}/session`, {
      method: "POST",
      headers: { authorization: `Bearer ${gateway.token}` },
    });
    const cookie = session.headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(cookie).toMatch(/^switchboard_/);
    const without = await get(below("", document, "index.html"), { headers: [`Cookie: ${cookie}`] });
    expect(without.status).toBe(404);
    const withBoth = await get(below(base, document), { headers: [`Cookie: ${cookie}`] });
    expect([withBoth.status, withBoth.headers.has("set-cookie")]).toEqual([200, false]);
  });

  it("DEV-11 an address for one document opens no other", async () => {
    const other = await published(gateway, { documentId: "other" });
    const narrow = await capability(gateway, document);
    expect((await get(below(narrow, document))).status).toBe(200);
    expect((await get(below(narrow, other))).status).toBe(404);
    expect((await get(below(base, other))).status).toBe(200);
  });

  it("DEV-11 a document is replaced whole, listed and removed", async () => {
    const id = await published(gateway, { documentId: "board", title: "Board", sessionKey: "s" });
    const replaced = await gateway.request("canvas.document.put", {
      documentId: id,
      files: [{ path: "index.html", text: "new" }],
    });
    expect(replaced.files).toEqual([{ path: "index.html", mimeType: "text/html", bytes: 3 }]);
    expect((await get(below(base, id, "app.js"))).status).toBe(404);
    expect((await get(below(base, id))).body).toBe("new");
    expect(await readdir(join(gateway.directory, "canvas", "default", id))).toHaveLength(2);
    expect((await lstat(join(gateway.directory, "canvas", "default", id))).mode & 0o777).toBe(0o700);
    const { documents } = await gateway.request("canvas.document.list", {});
    expect(documents.map(({ documentId }) => documentId)).toContain(id);
    expect(await gateway.request("canvas.document.remove", { documentId: id })).toMatchObject({ removed: true });
    expect(await gateway.request("canvas.document.remove", { documentId: id })).toMatchObject({ removed: false });
    expect((await get(below(base, id))).status).toBe(404);
  });

  it.each([
    "../x.html",
    "/x.html",
    "a/../x.html",
    "a//x.html",
    "./x.html",
    "x\u0000.html",
    "a\\x.html",
    "..\\x.html",
    "%2e%2e/x.html",
    "C:/x.html",
    "x.html:stream",
    "CON",
    "con.html",
    "a/LPT1.txt",
    "aux .html",
    "x.html.",
    "x.html ",
    ".hidden",
    "a/b/c/d/e/f/g/h/i.html",
    "x\n.html",
    "x\u202e.html",
    "\uff0e\uff0e/x.html",
  ])("DEV-11 a file is not published as %j", async (path) => {
    const put = gateway.request("canvas.document.put", { documentId: "bad", files: [{ path, text: "x" }] });
    await expect(put).rejects.toMatchObject({ code: "REQ_001" });
    expect((await gateway.request("canvas.document.list", {})).documents.map((each) => each.documentId)).not.toContain(
      "bad",
    );
  });

  it("DEV-11 what is too much, twice, or nothing at all is not published", async () => {
    const put = (files: { path: string; text?: string; content?: string; mimeType?: string }[]) =>
      gateway.request("canvas.document.put", { documentId: "big", files });
    const many = Array.from({ length: CANVAS_LIMITS.files + 1 }, (_, at) => ({ path: `${at}.txt`, text: "x" }));
    const large = "x".repeat(CANVAS_LIMITS.fileBytes);
    await expect(put(many)).rejects.toMatchObject({ code: "REQ_001" });
    await expect(put([])).rejects.toMatchObject({ code: "REQ_001" });
    await expect(put([{ path: "a.txt", text: `${large}x` }])).rejects.toMatchObject({ code: "REQ_001" });
    await expect(put([{ path: "a.txt", text: large.replaceAll("x", "é") }])).rejects.toMatchObject({ code: "REQ_003" });
    await expect(put(["a", "b", "c"].map((path) => ({ path, text: large })))).rejects.toMatchObject({
      code: "REQ_003",
    });
    await expect(put([{ path: "x".repeat(CANVAS_LIMITS.pathCharacters + 1), text: "x" }])).rejects.toMatchObject({
      code: "REQ_001",
    });
    const one = { path: "a.txt", text: "x" };
    await expect(put([one, { path: "A.txt", text: "y" }])).rejects.toMatchObject({ code: "REQ_001" });
    await expect(put([{ path: "a.txt" }])).rejects.toMatchObject({ code: "REQ_001" });
    await expect(put([{ ...one, content: "eA==" }])).rejects.toMatchObject({ code: "REQ_001" });
    await expect(put([{ path: "a.txt", content: "<>" }])).rejects.toMatchObject({ code: "REQ_001" });
    await expect(put([{ ...one, mimeType: "text/html\r\nSet-Cookie: a=b" }])).rejects.toMatchObject({
      code: "REQ_001",
    });
    expect((await get(below(base, "big"))).status).toBe(404);
  });

  it("DEV-11 symbolic links in the state directory are not followed", async () => {
    const folder = join(gateway.directory, "canvas", "default");
    await writeFile(join(gateway.directory, "elsewhere"), PAGE);
    const linked = await published(gateway, { documentId: "linked" });
    for (const name of await readdir(join(folder, linked))) {
      if (name === "document.json") continue;
      await rm(join(folder, linked, name));
      await symlink(join(gateway.directory, "elsewhere"), join(folder, linked, name));
    }
    expect((await get(below(base, linked))).status).toBe(404);
    await rename(join(folder, await published(gateway, { documentId: "moved" })), join(gateway.directory, "moved"));
    await symlink(join(gateway.directory, "moved"), join(folder, "moved"));
    expect((await get(below(base, "moved"))).status).toBe(404);
    await expect(published(gateway, { documentId: "moved" })).rejects.toMatchObject({ code: "STORE_003" });
    await mkdir(join(folder, "odd", "document.json"), { recursive: true });
    expect((await get(below(base, "odd"))).status).toBe(404);
    const { documents } = await gateway.request("canvas.document.list", {});
    expect(documents.map(({ documentId }) => documentId)).toEqual(expect.not.arrayContaining(["moved", "odd"]));
  });

  it.each([
    "evil.example",
    "evil.example:80",
    "127.0.0.1:1",
    "127.0.0.1@evil.example",
    "localhost.evil.example",
    "evil.example/;script-src *",
  ])("DEV-11 the host %s is in no address and no policy", async (host) => {
    const { canvas } = await joined(gateway, new TestDevice(), { scopes: ["operator.read"], headers: { host } });
    expect(canvas).toMatch(new RegExp(`^${gateway.url}/__openclaw__/cap/[A-Za-z0-9_-]{24}$`));
    const { headers } = await get(below(base, document), { host });
    expect(headers.get("content-security-policy") ?? gateway.url).not.toContain("evil.example");
    expect(headers.get("content-security-policy") ?? "").not.toContain("script-src *");
  });

  it("DEV-11 a client that came by another name of this machine gets its address by that name", async () => {
    const { port } = new URL(gateway.url);
    const headers = { host: `localhost:${port}` };
    const { canvas } = await joined(gateway, new TestDevice(), { scopes: ["operator.read"], headers });
    expect(canvas).toMatch(new RegExp(`^http://localhost:${port}/__openclaw__/cap/`));
    const { pathname } = new URL(canvas ?? "");
    const { headers: told } = await get(below(pathname, document));
    expect(told.get("content-security-policy")).toContain(
      `http://localhost:${port}${below(pathname, document)} http://127`,
    );
  });

  it("DEV-11 operators who may read and nodes that show documents are told the address, others are not", async () => {
    const node = new TestDevice();
    const shows = await joined(gateway, node, { role: "node", caps: ["canvas"] });
    expect((await get(below(new URL(shows.canvas ?? "").pathname, document))).status).toBe(200);
    const fresh = await shows.client.call("node.pluginSurface.refresh", {
      surface: "canvas",
      observedUrl: "http://evil.example/",
    });
    expect(JSON.stringify(fresh.payload)).not.toContain("evil.example");
    const { pluginSurfaceUrls } = fresh.payload as { pluginSurfaceUrls: Record<string, string> };
    expect((await get(below(new URL(pluginSurfaceUrls.canvas ?? "").pathname, document))).status).toBe(200);
    expect((await shows.client.call("node.pluginSurface.refresh", { surface: "other" })).ok).toBe(false);

    const plain = await joined(gateway, new TestDevice(), { role: "node", caps: ["camera"] });
    expect(plain.canvas).toBeUndefined();
    expect((await plain.client.call("node.pluginSurface.refresh", { surface: "canvas" })).ok).toBe(false);
    const asker = await joined(gateway, new TestDevice(), { scopes: ["operator.pairing"] });
    expect(asker.canvas).toBeUndefined();
    expect((await asker.client.call("plugin.surface.refresh", { surface: "canvas" })).ok).toBe(false);
  });

  it("DEV-11 what was published for a node is shown by no other node", async () => {
    const [mine, other] = [new TestDevice(), new TestDevice()];
    const theirs = await published(gateway, { documentId: "for-one", nodeId: mine.id });
    const shown = async (device: TestDevice) => {
      const { canvas } = await joined(gateway, device, { role: "node", caps: ["canvas"] });
      return (await get(below(new URL(canvas ?? "").pathname, theirs))).status;
    };
    expect([await shown(mine), await shown(other)]).toEqual([200, 404]);
    expect((await get(below(base, theirs))).status).toBe(200);
  });

  it("DEV-11 the address of a device that was removed is good for nothing at once", async () => {
    const device = new TestDevice();
    const { canvas } = await joined(gateway, device, { scopes: ["operator.read"] });
    const target = below(new URL(canvas ?? "").pathname, document);
    expect((await get(target)).status).toBe(200);
    await gateway.request("device.pair.remove", { deviceId: device.id });
    expect((await get(target)).status).toBe(404);
  });

  it("DEV-11 an address outlives its broken line for a moment, but not the removal of its device", async () => {
    const device = new TestDevice();
    const { canvas, client } = await joined(gateway, device, { scopes: ["operator.read"] });
    const target = below(new URL(canvas ?? "").pathname, document);
    client.drop();
    await client.closed;
    expect((await get(target)).status).toBe(200);
    await gateway.request("device.pair.remove", { deviceId: device.id });
    expect((await get(target)).status).toBe(404);
  });

  it("DEV-11 no line of the log holds an address's token", async () => {
    const token = base.split("/").at(-1) ?? "";
    await get(below(base, document));
    await get(`http://x${below(base, document)}`);
    await get(below(base, document, "%"));
    await get(below("", document, `index.html?oc_cap=${token}`), {
      headers: ["Upgrade: websocket", "Connection: Upgrade"],
    });
    expect(gateway.log.lines.length).toBeGreaterThan(0);
    expect(gateway.log.text()).not.toContain(token);
  });
});
