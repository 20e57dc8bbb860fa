import { request } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../test-support/eventually.ts";
import { metric } from "../test-support/metrics.ts";
import { goodCall, type ProxiedGateway, startProxiedGateway } from "../test-support/proxied-gateway.ts";
import type { Passed } from "../test-support/recording-proxy.ts";

describe("what nobody should send", () => {
  let setup: ProxiedGateway;
  /** A good call, to be spoilt. */
  let good: Passed;

  beforeAll(async () => {
    setup = await startProxiedGateway();
    good = await goodCall(setup);
  });
  afterAll(() => setup?.[Symbol.asyncDispose]());

  /** Whatever was sent: the gateway lives, and answers people. */
  async function stillAnswers(text: string): Promise<void> {
    const { simulator } = setup.gateway;
    const { conversation } = await simulator.say({ from: "Ada", text });
    const answer = await simulator.waitFor((message) => message.text === text, { conversation });
    expect(answer.text).toBe(text);
    expect(setup.gateway.fatal).toEqual([]);
  }

  const errorOf = ({ answer }: Passed): unknown => (JSON.parse(answer) as { error: unknown }).error;

  it("CONN-3 SEC_002 refuses a call without the secret, or with another one, before it reads the body", async () => {
    const { proxy } = setup;
    const secrets = Object.keys(good.headers).filter((name) => /secret|signature/.test(name));
    expect(secrets).not.toEqual([]);
    const bare = Object.fromEntries(Object.entries(good.headers).filter(([name]) => !secrets.includes(name)));
    const wrong = { ...good.headers, ...Object.fromEntries(secrets.map((name) => [name, "x".repeat(43)])) };
    for (const headers of [bare, wrong]) {
      const refused = await proxy.send({ ...good, headers, body: "{ this is no JSON" });
      expect(refused.status).toBe(401);
      expect(errorOf(refused)).toMatchObject({ code: "SEC_002", retryable: false });
    }
    await stillAnswers("after wrong secrets");
  });

  it("Q-1 REQ_001 refuses what is no JSON and stores nothing of it", async () => {
    const { gateway, proxy } = setup;
    const labels = { channel: gateway.platform.id, account: "default" };
    const before = await metric(gateway, "received_events_total", labels);
    const deep = `${good.body.slice(0, -1)},"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
    for (const body of ["{", "", "[1,2]", '"text"', "null", '{"a":'.repeat(20_000), '{"a":'.repeat(100_000), deep]) {
      const refused = await proxy.send({ ...good, body });
      expect([refused.status, errorOf(refused)]).toMatchObject([400, { code: "REQ_001" }]);
    }
    expect(await metric(gateway, "received_events_total", labels)).toBe(before);
    await stillAnswers("after no JSON");
  });

  it("CVE-2026-28478 GHSA-rm59-992w-x2mv cuts a body that is too large off before it is whole, secret or not", async () => {
    const { proxy } = setup;
    const body = JSON.stringify({ filler: "x".repeat(1_100_000) });
    const refused = await proxy.send({ ...good, body });
    expect([refused.status, errorOf(refused)]).toMatchObject([413, { code: "REQ_003" }]);
    const sent = await endlessBody(setup.gateway.url, good.path);
    expect(sent.status).toBe(413);
    expect(sent.bytes).toBeLessThan(8_000_000);
    await stillAnswers("after large bodies");
  });

  it("TEN-2 SEC_002 REQ_002 answers accounts, channels and tenants that are not there as a call without proof", async () => {
    const { proxy } = setup;
    const unproven = await proxy.send({ ...good, headers: {} });
    for (const place of ["/nobody", "/default/nobody/default", "/%00/default/default"]) {
      const path = place === "/nobody" ? good.path.replace(/\/[^/]+$/, place) : `/webhooks${place}`;
      const refused = await proxy.send({ ...good, path });
      expect([refused.status, refused.body]).toEqual([401, unproven.body]);
    }
    const outside = await proxy.send({ ...good, path: "/webhooks/../../etc/passwd" });
    expect([outside.status, errorOf(outside)]).toMatchObject([404, { code: "REQ_002" }]);
    const other = await proxy.send({ ...good, method: "DELETE" });
    expect(Math.floor(other.status / 100)).toBe(4);
    await stillAnswers("after wrong addresses");
  });

  it("MSG-1 keeps an update of a kind that is not known, answers 200, and says in its trace what it was", async () => {
    const { gateway, proxy } = setup;
    const labels = { channel: gateway.platform.id, account: "default", state: "ignored" };
    const before = (await metric(gateway, "settled_events_total", labels)) ?? 0;
    proxy.rewrite((body) => {
      const update = JSON.parse(body) as Record<string, unknown>;
      const renamed = Object.entries(update).map(([name, value]) => [
        typeof value === "object" ? `kind_of_next_year_${name}` : name,
        value,
      ]);
      return JSON.stringify(Object.fromEntries(renamed));
    });
    const steps: unknown[] = [];
    const stop = gateway.client.on("trace", (step) => steps.push(step));
    await gateway.request("trace.subscribe", {});
    await gateway.simulator.say({ from: "Ada", text: "something new" });
    await eventually(async () => (await metric(gateway, "settled_events_total", labels)) === before + 1);
    proxy.rewrite(undefined);
    await gateway.request("trace.unsubscribe", {});
    stop();
    expect(proxy.passed.at(-1)?.status).toBe(200);
    expect(JSON.stringify(steps)).toContain("kind_of_next_year_");
    await stillAnswers("after something new");
  });

  it("MSG-5 takes NUL and control characters out of what people write, and mends broken characters", async () => {
    const { gateway, proxy } = setup;
    proxy.rewrite((body) => body.replace("PLACE", "a\\u0000b\\u0007c\\u001b[31md\\ud83de"));
    const { conversation } = await gateway.simulator.say({ from: "Eve", text: "PLACE" });
    const answer = await gateway.simulator.waitFor(() => true, { conversation });
    proxy.rewrite(undefined);
    expect(gateway.model.requests.at(-1)?.lastUserText).toBe("abc[31md\ufffde");
    expect(answer.text).toBe("abc[31md\ufffde");
  });

  it("MSG-5 MSG_003 sets a megabyte of emoji aside with its payload, and goes on", async () => {
    const { gateway, proxy } = setup;
    proxy.rewrite((body) => body.replace("PLACE", "😀".repeat(200_000)));
    const { conversation } = await gateway.simulator.say({ from: "Mallory", text: "PLACE" });
    const letter = await eventually(async () => {
      const { deadLetters } = await gateway.request("deadLetters.list", { kind: "inbox" });
      return deadLetters.find(({ error }) => error.code === "MSG_003");
    });
    proxy.rewrite(undefined);
    const { deadLetter } = await gateway.request("deadLetters.get", { id: letter.id });
    expect(JSON.stringify(deadLetter.payload)).toContain("😀😀😀");
    await gateway.simulator.say({ from: "Mallory", text: "short now" });
    await gateway.simulator.waitFor(({ text }) => text === "short now", { conversation });
    await gateway.request("deadLetters.discard", { id: letter.id });
    expect((await gateway.request("deadLetters.list", {})).deadLetters).toEqual([]);
  });

  it("MSG-5 MSG_003 refuses a megabyte of emoji, NUL and empty words from a client, and goes on serving it", async () => {
    const { gateway } = setup;
    const send = (message: string, idempotencyKey: string) =>
      gateway.request("chat.send", { sessionKey: "main", message, idempotencyKey });
    await expect(send("😀".repeat(250_000), "emoji")).rejects.toMatchObject({ code: "MSG_003" });
    await expect(send("a\0b", "nul")).rejects.toMatchObject({ code: "REQ_001" });
    await expect(send(" \n\t", "empty")).rejects.toMatchObject({ code: "REQ_001" });
    const params = { sessionKey: "main", message: "broken \ud83d half", idempotencyKey: "half" };
    const { result } = await gateway.request("agent", params);
    expect(result?.payloads[0]?.text).toBe("broken \ufffd half");
    expect((await gateway.request("chat.history", { sessionKey: "main" })).messages).toHaveLength(2);
    await stillAnswers("after clients' nonsense");
  });

  it("DEV-1 refuses whatever is no proper request for a socket, whatever its address and headers say", async () => {
    const { host } = new URL(setup.gateway.url);
    const good = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    const heads = [
      ["GET // HTTP/1.1", `Host: ${host}`, ...good],
      ["GET /%zz HTTP/1.1", `Host: ${host}`, ...good, key],
      ["GET http://[ HTTP/1.1", "Host: [", ...good, key],
      ["GET / HTTP/1.1", "Host: ", ...good, key, "Origin: ://"],
      ["GET / HTTP/1.1", `Host: ${host}`, ...good, key, "Origin: null"],
      ["GET / HTTP/1.1", `Host: ${host}`, ...good, key, "Origin: https://evil.example"],
      ["GET / HTTP/1.1", `Host: ${host}`, ...good, key, "X-Forwarded-For: nobody"],
      [
        "GET / HTTP/1.1",
        `Host: ${host}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 99",
        key,
      ],
      ["GET / HTTP/1.1", `Host: ${host}`, ...good, key, "Cookie: switchboard_1=%%%;;;=", "Authorization: Basic %"],
      ["POST / HTTP/1.1", `Host: ${host}`, ...good, key, "Content-Length: 5"],
    ];
    for (const head of heads) {
      const answer = await said(setup.gateway.url, `${head.join("\r\n")}\r\n\r\n`);
      // Whoever got through is still asked who they are.
      expect([head, answer]).toEqual([head, expect.stringMatching(/^(HTTP\/1\.1 (101|4\d\d)|$)/)]);
    }
    await stillAnswers("after odd sockets");
  });

  it("stays up when somebody speaks something else than HTTP, or hangs up in the middle", async () => {
    const { port } = new URL(setup.gateway.url);
    for (const bytes of [
      "\0\0\0\0",
      "GET / HTTP/9.9\r\n\r\n",
      `POST ${good.path} HTTP/1.1\r\ncontent-length: 50\r\n\r\n{`,
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(Number(port), "127.0.0.1", () => socket.write(bytes));
        socket.on("error", () => {});
        socket.on("close", () => resolve());
        setTimeout(() => socket.destroy(), 50);
      });
    }
    await stillAnswers("after nonsense");
  });
});

/** The first thing that is answered to these bytes; empty when the line is closed without a word. */
function said(url: string, bytes: string): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(bytes, "latin1"));
    const end = (answer: string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", (data) => end(data.toString("latin1")));
    socket.once("error", () => end(""));
    socket.once("close", () => end(""));
    socket.setTimeout(2_000, () => end("no answer"));
  });
}

/** Writes until the other side has had enough. */
function endlessBody(url: string, path: string): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve) => {
    let bytes = 0;
    let over = false;
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    const outgoing = request(url + path, { method: "POST", headers: { "content-type": "application/json" } });
    outgoing.on("response", (response) => {
      over = true;
      response.resume();
      resolve({ status: response.statusCode ?? 0, bytes });
      outgoing.destroy();
    });
    outgoing.on("error", () => {});
    const more = () => {
      if (over || bytes > 16_000_000) return;
      bytes += chunk.length;
      outgoing.write(chunk, () => setImmediate(more));
    };
    more();
  });
}
