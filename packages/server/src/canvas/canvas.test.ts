/** Time, tenants and guessing, with the real parts behind a real server. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { noLog } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import type { Scope } from "@switchboard/protocol";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { HandClock } from "../ws/harness.test.util.ts";
import type { SurfaceCaller } from "../ws/index.ts";
import { a2uiFiles } from "./a2ui.ts";
import { capabilityPath, documentPath, withoutToken } from "./addresses.ts";
import { CAPABILITY_GRACE_MS, CAPABILITY_TTL_MS, Capabilities } from "./capabilities.ts";
import { CanvasDocuments } from "./documents.ts";
import { CANVAS, canvasListener } from "./listener.ts";

const PAGE = { path: "index.html", content: Buffer.from("page") };

async function world() {
  const directory = await temporaryDirectory();
  const clock = new HandClock();
  const now = () => clock.now();
  const documents = new CanvasDocuments(directory.path, now);
  const capabilities = new Capabilities(now);
  const listener = canvasListener({
    documents,
    capabilities,
    a2ui: a2uiFiles(directory.path),
    log: noLog,
    now,
    allowedOrigins: () => [],
    rootOf: () => undefined,
    addressOf: (request: IncomingMessage) => String(request.headers["x-from"] ?? "somewhere"),
  });
  const server = createServer((request, response) => {
    if (!listener(request, response)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    directory: directory.path,
    clock,
    documents,
    capabilities,
    root,
    issue: (caller: SurfaceCaller, surface = CANVAS) => capabilities.issue({ surface, caller, root }).token,
    async status(token: string, document: string, from = "somewhere") {
      const target = `${root}${capabilityPath(token)}${documentPath(document)}`;
      const answer = await fetch(target, { headers: { "x-from": from } });
      await answer.arrayBuffer();
      return answer.status;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await directory.remove();
    },
  };
}

/** Somebody who is connected. */
function somebody(tenant = "default") {
  const line = new AbortController();
  const may: { scopes: readonly Scope[] | undefined } = { scopes: ["operator.read"] };
  const caller: SurfaceCaller = {
    info: {
      id: `connection-${tenant}`,
      client: { id: "cli", mode: "cli", version: "1", platform: "linux" },
      role: "operator",
      caps: new Set(),
      peer: { ip: "127.0.0.1", local: true, private: true },
      method: "token",
      tenant: tenant as TenantId,
      actor: "operator:test",
      connectedAt: 0,
    },
    signal: line.signal,
    authority: () => may.scopes && { scopes: may.scopes },
  };
  return { caller, may, hangUp: () => line.abort() };
}

const DEFAULT = "default" as TenantId;

describe("addresses of documents", () => {
  it("DEV-11 end after ten minutes", async () => {
    await using it_ = await world();
    const { id } = await it_.documents.put(DEFAULT, { files: [PAGE] });
    const token = it_.issue(somebody().caller);
    it_.clock.advance(CAPABILITY_TTL_MS - 1);
    expect(await it_.status(token, id)).toBe(200);
    it_.clock.advance(1);
    expect(await it_.status(token, id)).toBe(404);
  });

  it("DEV-11 end with their owner's authority, and a moment after its line", async () => {
    await using it_ = await world();
    const { id } = await it_.documents.put(DEFAULT, { files: [PAGE] });
    const [one, other] = [somebody(), somebody()];
    const tokens = [it_.issue(one.caller), it_.issue(other.caller)] as const;
    one.may.scopes = ["operator.pairing"];
    expect(await it_.status(tokens[0], id)).toBe(404);
    one.may.scopes = ["operator.read"];
    expect(await it_.status(tokens[0], id)).toBe(404);
    other.hangUp();
    it_.clock.advance(CAPABILITY_GRACE_MS - 1);
    expect(await it_.status(tokens[1], id)).toBe(200);
    it_.clock.advance(1);
    expect(await it_.status(tokens[1], id)).toBe(404);
  });

  it("DEV-11 belong to one surface, and a connection has no more than sixteen", async () => {
    await using it_ = await world();
    const { id } = await it_.documents.put(DEFAULT, { files: [PAGE] });
    const { caller } = somebody();
    expect(await it_.status(it_.issue(caller, "another"), id)).toBe(404);
    const tokens = Array.from({ length: 17 }, () => it_.issue(caller));
    expect(new Set(tokens).size).toBe(17);
    expect([await it_.status(tokens[0] ?? "", id), await it_.status(tokens[1] ?? "", id)]).toEqual([404, 200]);
  });

  it("DEV-11 tenants see their own documents only, in folders apart", async () => {
    await using it_ = await world();
    const strange = "../Tenant B/%2e%2e" as TenantId;
    for (const [tenant, id] of [
      [DEFAULT, "mine"],
      ["b" as TenantId, "theirs"],
      [strange, "odd"],
    ] as const) {
      await it_.documents.put(tenant, { id, files: [PAGE] });
    }
    const [a, b, c] = [DEFAULT, "b", strange].map((tenant) => it_.issue(somebody(tenant).caller));
    const seen = async (token = "") =>
      Promise.all(["mine", "theirs", "odd"].map((document) => it_.status(token, document)));
    expect(await seen(a)).toEqual([200, 404, 404]);
    expect(await seen(b)).toEqual([404, 200, 404]);
    expect(await seen(c)).toEqual([404, 404, 200]);
    const folders = await readdir(it_.directory);
    expect(folders.sort()).toEqual(["b", "default", expect.stringMatching(/^~[0-9a-f]{64}$/)]);
    expect(await it_.documents.remove(DEFAULT, "theirs")).toBe(false);
    expect((await it_.documents.list(strange)).map(({ id }) => id)).toEqual(["odd"]);
  });

  it("DEV-11 cannot be guessed for long, and a guesser disturbs no page that is open", async () => {
    await using it_ = await world();
    const { id } = await it_.documents.put(DEFAULT, { files: [PAGE] });
    const [open, fresh] = [it_.issue(somebody().caller), it_.issue(somebody().caller)];
    expect(await it_.status(open, id, "near")).toBe(200);
    for (let guess = 0; guess < 60; guess += 1) {
      expect(await it_.status(`${guess}`.padStart(24, "x"), id, "near")).toBe(404);
    }
    expect(await it_.status("y".repeat(24), id, "near")).toBe(429);
    expect(await it_.status(fresh, id, "near")).toBe(429);
    expect(await it_.status(open, id, "near")).toBe(200);
    expect(await it_.status(fresh, id, "far")).toBe(200);
    it_.clock.advance(60_000);
    expect(await it_.status(fresh, id, "near")).toBe(200);
  });

  it("DEV-11 lose their token on the way into a log", () => {
    const token = "t".repeat(24);
    expect(withoutToken(`${capabilityPath(token)}${documentPath("a")}x?y=1`)).not.toContain(token);
    expect(withoutToken(`${documentPath("a")}x?a=1&oc_cap=${token}&b=2`)).toBe(
      `${documentPath("a")}x?a=1&oc_cap=[hidden]&b=2`,
    );
  });
});

describe("what draws A2UI", () => {
  async function pages() {
    const it_ = await world();
    const folder = join(it_.directory, "a2ui");
    await mkdir(folder);
    for (const name of ["index.html", "v0.9.html", "a2ui.bundle.js", "a2ui-v0.9.bundle.js", "secret.txt"]) {
      await writeFile(join(folder, name), name);
    }
    await writeFile(join(folder, "a2ui.bundle.js.gz"), gzipSync("compressed"));
    const get = async (token: string, path: string, headers: Record<string, string> = {}) => {
      const target = path.startsWith("/") ? path : `${capabilityPath(token)}/__openclaw__/a2ui/${path}`;
      return fetch(`${it_.root}${target}`, { headers: { "accept-encoding": "identity", ...headers } });
    };
    return { ...it_, get };
  }

  it("DEV-11 is behind the same addresses as documents, with the same policy", async () => {
    await using it_ = await pages();
    const { caller } = somebody();
    const token = it_.issue(caller);
    for (const [path, name, type] of [
      ["", "index.html", "text/html; charset=utf-8"],
      ["?platform=android", "index.html", "text/html; charset=utf-8"],
      ["index.html", "index.html", "text/html; charset=utf-8"],
      ["v0.9.html", "v0.9.html", "text/html; charset=utf-8"],
      ["a2ui.bundle.js", "a2ui.bundle.js", "text/javascript; charset=utf-8"],
      ["a2ui-v0.9.bundle.js?x=1", "a2ui-v0.9.bundle.js", "text/javascript; charset=utf-8"],
      [`/__openclaw__/a2ui/index.html?oc_cap=${token}`, "index.html", "text/html; charset=utf-8"],
    ] as const) {
      const answer = await it_.get(token, path);
      expect([path, answer.status, answer.headers.get("content-type"), await answer.text()]).toEqual([
        path,
        200,
        type,
        name,
      ]);
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
    const policy = (await it_.get(token, "")).headers.get("content-security-policy")?.split("; ") ?? [];
    const own = `${it_.root}${capabilityPath(token)}/__openclaw__/a2ui/`;
    expect(policy).toEqual(
      expect.arrayContaining([
        `default-src ${own}`,
        `script-src ${own} 'unsafe-inline'`,
        `connect-src ${own}`,
        "sandbox allow-scripts",
        "frame-ancestors 'self'",
      ]),
    );
  });

  it("DEV-11 a document may run its scripts, also under an address of its own, and load nothing else of it", async () => {
    await using it_ = await pages();
    const { id } = await it_.documents.put(DEFAULT, { files: [PAGE] });
    const { token } = it_.capabilities.issue({
      surface: CANVAS,
      document: id,
      caller: somebody().caller,
      root: it_.root,
    });
    expect((await it_.get(token, "a2ui.bundle.js")).status).toBe(200);
    const page = await it_.get(token, `${capabilityPath(token)}${documentPath(id)}`);
    const policy = page.headers.get("content-security-policy")?.split("; ") ?? [];
    const [own, a2ui] = [documentPath(id), "/__openclaw__/a2ui/"].map(
      (path) => `${it_.root}${capabilityPath(token)}${path}`,
    );
    expect(policy).toContain(`script-src ${own} ${a2ui} 'unsafe-inline'`);
    expect(policy.filter((each) => each.includes(a2ui ?? "")).map((each) => each.split(" ")[0])).toEqual([
      "script-src",
    ]);
  });

  it("DEV-11 is sent compressed to whoever takes it so", async () => {
    await using it_ = await pages();
    const token = it_.issue(somebody().caller);
    const seen = async (accepted: string) => {
      const answer = await it_.get(token, "a2ui.bundle.js", { "accept-encoding": accepted });
      return [answer.headers.get("content-encoding"), await answer.text()];
    };
    expect(await seen("gzip, deflate, br")).toEqual(["gzip", "compressed"]);
    expect(await seen("gzip;q=0")).toEqual([null, "a2ui.bundle.js"]);
  });

  it.each([
    "secret.txt",
    "a2ui.bundle.js.gz",
    "INDEX.HTML",
    "index.html/",
    "index.html%00",
    "index%2ehtml",
    "%2e%2e%2fdocument.json",
    "..%5cdocument.json",
    "assets/x.js",
    "toString",
    "/__openclaw__/a2ui",
    "/__openclaw__/a2ui/",
    "/__openclaw__/a2ui/index.html",
    "/__openclaw__/a2ui/index.html?oc_cap=",
  ])("DEV-11 nothing is at %s of it", async (path) => {
    await using it_ = await pages();
    const answer = await it_.get(it_.issue(somebody().caller), path);
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: "REQ_002" } }]);
  });

  it("DEV-11 is not for wrong tokens and those that ended, and 404 before the pages are built", async () => {
    await using it_ = await pages();
    const { caller, may } = somebody();
    const token = it_.issue(caller);
    expect((await it_.get("x".repeat(24), "")).status).toBe(404);
    may.scopes = ["operator.pairing"];
    expect((await it_.get(token, "")).status).toBe(404);
    expect(await a2uiFiles(undefined)("index.html")).toBeUndefined();
    await using bare = await world();
    const target = `${bare.root}${capabilityPath(bare.issue(somebody().caller))}/__openclaw__/a2ui/`;
    expect((await fetch(target)).status).toBe(404);
  });
});

describe("documents", () => {
  it("DEV-11 a tenant has no more than a hundred, and each can still be replaced", async () => {
    await using it_ = await world();
    for (let at = 0; at < 100; at += 1) await it_.documents.put(DEFAULT, { id: `d${at}`, files: [PAGE] });
    await expect(it_.documents.put(DEFAULT, { files: [PAGE] })).rejects.toMatchObject({ code: "REQ_003" });
    await it_.documents.put(DEFAULT, { id: "d7", files: [PAGE] });
    await it_.documents.put("b" as TenantId, { files: [PAGE] });
  });

  it("DEV-11 readers of a document that is replaced all the time see one of its versions whole", async () => {
    await using it_ = await world();
    const version = (at: number) => [{ path: "index.html", content: Buffer.from(`${at}`.repeat(1_000)) }];
    await it_.documents.put(DEFAULT, { id: "busy", files: version(0) });
    let over = false;
    const writer = (async () => {
      for (let at = 1; at < 10; at += 1) await it_.documents.put(DEFAULT, { id: "busy", files: version(at) });
      over = true;
    })();
    while (!over) {
      const content = (await it_.documents.open(DEFAULT, "busy", "index.html"))?.content.toString();
      expect(content).toMatch(/^(\d)\1{999}$/);
    }
    await writer;
  });
});
