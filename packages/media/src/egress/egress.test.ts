import type { LookupAddress } from "node:dns";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { SwitchboardError } from "@switchboard/domain";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Answer, rawServer, web } from "../test-support/web.ts";
import { createEgress, type EgressOptions } from "./egress.ts";

const HELLO: Answer = (response) => void response.writeHead(200, { "content-type": "Text/Plain; a=b" }).end("hello");
const LOCAL = ["127.0.0.0/8"];
const never = new AbortController().signal;

interface Got {
  readonly text: string;
  readonly size: number | undefined;
  readonly mimeType: string | undefined;
  readonly fileName: string | undefined;
  readonly url: string;
}

async function get(url: string, options: EgressOptions = {}, maxBytes = 1_000_000): Promise<Got> {
  const {
    stream,
    size,
    mimeType,
    fileName,
    url: last,
  } = await createEgress(options).get(url, { maxBytes, signal: never });
  return { text: await new Response(stream).text(), size, mimeType, fileName, url: last };
}

async function failure(work: Promise<unknown>): Promise<SwitchboardError> {
  const thrown = await work.then(
    () => new Error("it went well"),
    (error: unknown) => error,
  );
  if (thrown instanceof SwitchboardError) return thrown;
  throw thrown;
}

const at = (...addresses: readonly string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

const redirect =
  (location: string, status = 302): Answer =>
  (response) =>
    void response.writeHead(status, { location, "set-cookie": "a=b" }).end("moved");

describe("MSG-6 what is fetched", () => {
  it("MSG-6 streams a file from an allowed host, with what is said of it", async () => {
    await using it = await web({ "/a%20b.txt": HELLO });
    expect(await get(it.url("/a%20b.txt"), { allow: LOCAL })).toEqual({
      text: "hello",
      size: undefined,
      mimeType: "text/plain",
      fileName: "a b.txt",
      url: it.url("/a%20b.txt"),
    });
    await it.quiet();
  });

  it.each([
    [`attachment; filename="x \\"y\\".pdf"`, 'x "y".pdf'],
    ["attachment; filename=plain.pdf", "plain.pdf"],
    ["attachment; filename=a.pdf; filename*=UTF-8''%C3%A4.pdf", "ä.pdf"],
    ["attachment; filename*=UTF-8''%ff; filename=b.pdf", "b.pdf"],
    ["inline", "d"],
  ])("names a file after %s", async (disposition, fileName) => {
    await using it = await web({
      "/d": (response) => void response.writeHead(200, { "content-disposition": disposition }).end("x"),
    });
    expect((await get(it.url("/d"), { allow: LOCAL })).fileName).toBe(fileName);
  });

  it("MSG-6 follows up to five redirects and says where the file was; nobody gets a cookie back", async () => {
    const answers = Object.fromEntries(
      [302, 301, 303, 307, 308].map((status, index) => [`/${index}`, redirect(`/${index + 1}`, status)] as const),
    );
    await using it = await web({ ...answers, "/5": HELLO, "/over": redirect("/0") });
    expect(await get(it.url("/0"), { allow: LOCAL })).toMatchObject({ text: "hello", url: it.url("/5") });
    expect(it.headers.every(({ cookie, authorization, referer }) => !cookie && !authorization && !referer)).toBe(true);
    const error = await failure(get(it.url("/over"), { allow: LOCAL }));
    expect(error).toMatchObject({ code: "NET_001", retryable: false, message: expect.stringContaining("5 times") });
    await it.quiet();
  });

  it("NET_001 tells of a server in trouble whether to ask again", async () => {
    await using it = await web({
      "/busy": (response) => void response.writeHead(503).end("x".repeat(100_000)),
      "/gone": (response) => void response.writeHead(410).end(),
      "/partial": (response) => void response.writeHead(206).end("x"),
    });
    expect(await failure(get(it.url("/busy"), { allow: LOCAL }))).toMatchObject({ code: "NET_001", retryable: true });
    for (const path of ["/gone", "/partial", "/404"]) {
      const error = await failure(get(it.url(path), { allow: LOCAL }));
      expect(error).toMatchObject({ code: "NET_001", retryable: false });
    }
    await it.quiet();
  });

  it("takes no proxy from the environment", async () => {
    await using proxy = await web({});
    await using it = await web({ "/": HELLO });
    for (const name of ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "NODE_USE_ENV_PROXY"]) {
      vi.stubEnv(name, name === "NODE_USE_ENV_PROXY" ? "1" : proxy.url());
    }
    expect((await get(it.url("/"), { allow: LOCAL })).text).toBe("hello");
    expect(proxy.connections()).toBe(0);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
});

describe("MSG-6 CVE-2026-28467 GHSA-w45g-5746-x9fp what must not be reached", () => {
  it.each([
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "0",
    "0.0.0.0",
    "localhost",
    "LOCALHOST",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "１２７.０.０.１",
    "127。0。0。1",
    "%31%32%37.0.0.1",
  ])("SEC_007 http://%s/ reaches nothing on this machine", async (host) => {
    await using it = await web({ "/": HELLO }, "0.0.0.0");
    await using six = await web({ "/": HELLO }, "::1");
    for (const { port } of [it, six]) {
      expect(await failure(get(`http://${host}:${port}/`))).toMatchObject({ code: "SEC_007", retryable: false });
    }
    expect([it.connections(), six.connections()]).toEqual([0, 0]);
  });

  it("a trailing dot makes no other name of localhost, whether the system knows it so or not", async () => {
    await using it = await web({ "/": HELLO }, "0.0.0.0");
    const { code } = await failure(get(it.url("/", "localhost.")));
    expect(["SEC_007", "NET_001"]).toContain(code);
    expect(it.connections()).toBe(0);
  });

  it.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://2852039166/",
    "http://10.0.0.1/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://[fe80::1]/",
    "http://[2002:7f00:1::]/",
    "http://224.0.0.1/",
  ])("CVE-2026-26322 SEC_007 %s", async (url) => {
    expect(await failure(get(url))).toMatchObject({ code: "SEC_007" });
  });

  it.each([
    ["ftp://example.org/x", "SEC_007"],
    ["file:///etc/passwd", "SEC_007"],
    ["data:text/plain,x", "SEC_007"],
    ["javascript:0", "SEC_007"],
    ["http://user@example.org/", "SEC_007"],
    ["http://user:pass@example.org/", "SEC_007"],
    ["http://example.org@127.0.0.1/", "SEC_007"],
    ["/relative", "NET_001"],
    ["", "NET_001"],
    ["http://", "NET_001"],
    [`http://example.org/${"x".repeat(9_000)}`, "NET_001"],
  ])("%s is not even looked up", async (url, code) => {
    const asked: string[] = [];
    const lookup = async (host: string) => {
      asked.push(host);
      return at("127.0.0.1");
    };
    expect(await failure(get(url, { lookup, allow: LOCAL }))).toMatchObject({ code, retryable: false });
    expect(asked).toEqual([]);
  });

  it.each([
    ["a name that stands for loopback", at("127.0.0.1")],
    ["one with a mapped address", at("::ffff:127.0.0.1")],
    ["one with nothing but inner addresses", at("10.0.0.1", "::1", "169.254.169.254")],
    ["one with something that is no address", at("127.1", "localhost")],
    ["one with no address", at()],
  ])("SEC_007 %s is not connected to, and the address not told", async (_, addresses) => {
    await using it = await web({ "/": HELLO });
    const error = await failure(get(it.url("/", "inside.example.org"), { lookup: async () => addresses }));
    expect(error).toMatchObject({ code: "SEC_007", message: expect.stringContaining("inside.example.org") });
    expect(error.message).not.toMatch(/127\.|10\.0|169\.254/);
    expect(it.connections()).toBe(0);
  });

  it("connects to the addresses that were checked and asks no second time: DNS rebinding", async () => {
    await using good = await web({ "/": HELLO });
    const answers = [at("127.0.0.1"), at("127.0.0.2")];
    const asked: string[] = [];
    const lookup = async (host: string) => {
      asked.push(host);
      return answers.shift() ?? [];
    };
    const { text } = await get(good.url("/", "rebind.example.org"), { lookup, allow: ["127.0.0.1"] });
    expect([text, asked]).toEqual(["hello", ["rebind.example.org"]]);
    expect(good.headers[0]?.host).toBe(`rebind.example.org:${good.port}`);
  });

  it("of a name with good and bad addresses only the good ones are tried", async () => {
    await using it = await web({ "/": HELLO });
    const lookup = async () => at("::1", "127.0.0.3", "127.0.0.1", "10.0.0.1");
    expect((await get(it.url("/", "both.example.org"), { lookup, allow: ["127.0.0.1"] })).text).toBe("hello");
  });

  it.each([301, 302, 303, 307, 308])("SEC_007 checks every redirect again: %i", async (status) => {
    await using inner = await web({ "/": HELLO }, "127.0.0.2");
    const ways = [
      inner.url(),
      inner.url("/", "inside.example.org"),
      `http://[::ffff:127.0.0.2]:${inner.port}/`,
      `//127.0.0.2:${inner.port}/`,
      "file:///etc/passwd",
      "http://a:b@example.org/",
    ];
    for (const way of ways) {
      await using outer = await web({ "/": redirect(way, status) });
      const lookup = async () => at("127.0.0.2");
      const error = await failure(get(outer.url(), { lookup, allow: ["127.0.0.1"] }));
      expect([error.code, way]).toEqual(["SEC_007", way]);
    }
    expect(inner.connections()).toBe(0);
  });

  it("a name that was good for the first hop is looked up anew for the next one", async () => {
    await using it = await web({ "/": redirect("/next"), "/next": HELLO });
    const answers = [at("127.0.0.1"), at("127.0.0.2")];
    const lookup = async () => answers.shift() ?? [];
    const url = it.url("/", "turns.example.org");
    const got = await get(url, { lookup, allow: ["127.0.0.1"] }).catch((error: SwitchboardError) => error.code);
    // On the connection that stands, or refused: never at the other address.
    expect(typeof got === "string" ? got : got.text).toMatch(/^(?:SEC_007|hello)$/);
  });

  it("asks for a certificate of the name, not of the address", async () => {
    const { generate } = await import("selfsigned");
    const pair = await generate([{ name: "commonName", value: "other.example.org" }]);
    const server = createTlsServer({ key: pair.private, cert: pair.cert }, (_, response) => void response.end("x"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const lookup = async () => at("127.0.0.1");
    const error = await failure(get(`https://example.org:${port}/`, { lookup, allow: LOCAL }));
    server.close();
    expect(error).toMatchObject({ code: "NET_001", message: expect.stringMatching(/certificate/i) });
  });
});

describe("MSG-6 GHSA-q447-rj3r-2cgh how much and how long", () => {
  const allow = LOCAL;

  it("MSG_003 by what is announced, before anything is read", async () => {
    await using it = await web({
      "/": (response) => void response.writeHead(200, { "content-length": "5000" }).write("x"),
    });
    const error = await failure(createEgress({ allow }).get(it.url(), { maxBytes: 4_999, signal: never }));
    expect(error).toMatchObject({ code: "MSG_003", retryable: false });
    await it.quiet();
  });

  it("MSG_003 by what comes, when it never ends", async () => {
    await using it = await web({
      "/": (response) => {
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on("drain", more);
        more();
      },
    });
    expect(await failure(get(it.url(), { allow }, 1_000_000))).toMatchObject({ code: "MSG_003" });
    await it.quiet();
  });

  it.each([
    ["gzip", gzipSync(Buffer.alloc(50_000_000))],
    ["gzip, gzip", gzipSync(gzipSync(Buffer.alloc(200_000_000)))],
  ])("MSG_003 counts what a bomb of %s becomes, not what it is", async (encoding, bomb) => {
    await using it = await web({
      "/": (response) =>
        void response.writeHead(200, { "content-encoding": encoding, "content-length": bomb.length }).end(bomb),
    });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await failure(get(it.url(), { allow }, 1_000_000))).toMatchObject({ code: "MSG_003" });
    await it.quiet();
  });

  it("unpacks what comes packed although nobody asked, and does not tell a size that is wrong then", async () => {
    const packed = gzipSync("hello");
    await using it = await web({
      "/": (response) =>
        void response.writeHead(200, { "content-encoding": "gzip", "content-length": packed.length }).end(packed),
    });
    expect(await get(it.url(), { allow })).toMatchObject({ text: "hello", size: undefined });
    expect(it.headers[0]?.["accept-encoding"]).toBe("identity");
  });

  it.each([
    ["longer", 3],
    ["shorter", 8],
  ])("NET_001 a body that is %s than announced fails instead of being cut", async (_, told) => {
    await using it = await rawServer((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${told}\r\nConnection: close\r\n\r\nhello`),
    );
    const outcome = await get(it.url(), { allow }).then(
      ({ text }) => text,
      (error: SwitchboardError) => error.code,
    );
    // What stands behind the announced end is no part of the body.
    expect(outcome).toBe(told === 3 ? "hel" : "NET_001");
  });

  it.each([
    ["headers without end", `HTTP/1.1 200 OK\r\n${"X-A: b\r\n".repeat(20_000)}\r\nhello`],
    ["one endless header", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}\r\n\r\nhello`],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"],
    ["no HTTP", "220 smtp ready\r\n"],
  ])("NET_001 %s", async (_, said) => {
    await using it = await rawServer((socket) => socket.end(said));
    expect(await failure(get(it.url(), { allow }))).toMatchObject({ code: "NET_001" });
    await it.quiet();
  });

  it("NET_001 a slow drip ends at the total time, silence at the idle time, no headers and no end", async () => {
    const drips = new Set<NodeJS.Timeout>();
    const drip: Answer = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x"), 10);
      drips.add(timer);
      response.on("close", () => clearInterval(timer));
    };
    await using it = await web({
      "/drip": drip,
      "/silent": (response) => void response.writeHead(200).write("x"),
      "/nothing": () => {},
    });
    const total = { limits: { totalMs: 300, idleMs: 60_000 }, allow };
    expect((await failure(get(it.url("/drip"), total))).message).toMatch(/took longer than 300 ms/);
    expect((await failure(get(it.url("/nothing"), total))).message).toMatch(/took longer than 300 ms/);
    const idle = { limits: { idleMs: 100, totalMs: 600_000 }, allow };
    expect((await failure(get(it.url("/silent"), idle))).message).toMatch(/Nothing came for 100 ms/);
    expect(await failure(get(it.url("/nothing"), idle))).toMatchObject({ code: "NET_001", retryable: true });
    await it.quiet();
  });

  it("a redirect that drips its body, or loops, is within the same time and number", async () => {
    await using it = await web({
      "/loop": redirect("/loop"),
      "/slow": (response) => void response.writeHead(302, { location: "/end" }).write("x"),
      "/end": HELLO,
    });
    expect(await failure(get(it.url("/loop"), { allow }))).toMatchObject({ code: "NET_001", retryable: false });
    expect(it.seen).toHaveLength(6);
    expect((await get(it.url("/slow"), { allow })).text).toBe("hello");
    await it.quiet();
  });

  it("lets go of the connection when the reader has had enough, and when the caller stops", async () => {
    const endless: Answer = (response) => void response.writeHead(200).write("x");
    await using it = await web({ "/": endless, "/nothing": () => {} });
    const egress = createEgress({ allow });
    const { stream } = await egress.get(it.url(), { maxBytes: 10, signal: never });
    await stream.cancel();
    await it.quiet();
    const stop = new AbortController();
    const other = await egress.get(it.url(), { maxBytes: 10, signal: stop.signal });
    const waiting = egress.get(it.url("/nothing"), { maxBytes: 10, signal: stop.signal });
    stop.abort(new Error("enough"));
    await expect(new Response(other.stream).text()).rejects.toThrow("enough");
    await expect(waiting).rejects.toThrow("enough");
    await it.quiet();
  });

  it("NET_001 nobody listens", async () => {
    const it = await web({});
    const url = it.url();
    await it[Symbol.asyncDispose]();
    expect(await failure(get(url, { allow }))).toMatchObject({ code: "NET_001", retryable: true });
    const lookup = async () => {
      throw Object.assign(new Error("getaddrinfo ENOTFOUND nowhere.example.org"), { code: "ENOTFOUND" });
    };
    const error = await failure(get("http://nowhere.example.org/", { lookup }));
    expect(error).toMatchObject({ code: "NET_001", message: expect.stringContaining("ENOTFOUND") });
  });
});

describe("TEN-6 calls to agents behind an address", () => {
  const call = (url: string, options: EgressOptions = { allow: LOCAL }, signal = never) =>
    createEgress(options).post(url, { headers: { "x-mine": "1" }, body: "words", signal });

  it("TEN-6 carry body and headers, and bring status, headers and body back", async () => {
    await using it = await web({
      "/agent": async (response, request) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        response.writeHead(202, { "X-Said": Buffer.concat(chunks).toString() }).end("taken");
      },
    });
    const { body, headers, status } = await call(it.url("/agent"));
    expect([status, headers["x-said"], await new Response(body).text()]).toEqual([202, "words", "taken"]);
    expect(it.headers[0]).toMatchObject({ "x-mine": "1" });
    await it.quiet();
  });

  it("TEN-6 reach no private address that is not allowed, by name or number", async () => {
    await using it = await web({ "/agent": HELLO });
    const lookup = async () => at("127.0.0.1");
    expect((await failure(call(it.url("/agent"), {}))).code).toBe("SEC_007");
    expect((await failure(call(it.url("/agent", "agent.example"), { lookup }))).code).toBe("SEC_007");
    expect(it.connections()).toBe(0);
  });

  it("TEN-6 follow no redirect", async () => {
    await using it = await web({ "/agent": redirect("/other", 307), "/other": HELLO });
    const { body, status } = await call(it.url("/agent"));
    await body.cancel();
    expect(status).toBe(307);
    expect(it.seen).toEqual(["/agent"]);
    await it.quiet();
  });

  it("TEN-6 end when they are told to, also in the middle of the answer", async () => {
    await using it = await web({ "/agent": (response) => void response.writeHead(200).write("half") });
    const stop = new AbortController();
    const { body } = await call(it.url("/agent"), { allow: LOCAL }, stop.signal);
    const reader = body.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("half");
    stop.abort(new Error("enough"));
    await expect(reader.read()).rejects.toThrow("enough");
    await it.quiet();
  });
});
