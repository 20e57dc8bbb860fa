/** Time, tenants and guessing, with the real parts behind a real server. */
import { readdir } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { noLog } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import type { Scope } from "@switchboard/protocol";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { describe, expect, it } from "vitest";
import { HandClock } from "../ws/harness.test.util.ts";
import type { SurfaceCaller } from "../ws/index.ts";
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
