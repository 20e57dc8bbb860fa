import { matches } from "@switchboard/domain";
import { ResponseFrame } from "@switchboard/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectParams, type RawClient, startGateway, type TestGateway } from "./harness.test.util.ts";

const RUNS = 150;
const PROXY = { trustedProxies: ["127.0.0.1"] };
const REFUSALS = [1000, 1002, 1006, 1007, 1008, 1009, 1013];

const junk = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.json({ maxDepth: 4 }),
  fc.json({ maxDepth: 4 }).map((text) => text.slice(0, -1)),
  fc.nat({ max: 5_000 }).map((depth) => "[".repeat(depth)),
  fc.constantFrom('{"__proto__":null}', "1e999", "-0", '"\\ud800"', '{"type":"req","id":"\\u0000","method":"\\u0000"}'),
);

/** A value with one place in it replaced. */
const mutated = <T extends object>(value: T) =>
  fc
    .tuple(fc.constantFrom(...pathsOf(value)), fc.oneof(fc.jsonValue(), fc.constantFrom("", 1e308, -1, [], {}, null)))
    .map(([path, replacement]) => replaced(value, path, replacement));

const request = fc.record({
  type: fc.oneof(fc.constant("req"), fc.jsonValue()),
  id: fc.oneof(fc.string(), fc.jsonValue()),
  method: fc.oneof(
    fc.constantFrom("health", "connect", "system-presence", "sessions.messages.subscribe", "trace.subscribe", "nope"),
    fc.string(),
  ),
  params: fc.oneof(fc.jsonValue(), fc.record({ key: fc.string(), probe: fc.boolean(), id: fc.jsonValue() })),
});

const serves = async (gateway: TestGateway) => {
  const client = await gateway.join();
  const answer = await client.call("health");
  client.drop();
  return answer.ok;
};

describe("whatever comes over the line", () => {
  it("DEV-2 before the handshake it ends in a refusal, and the gateway goes on", async () => {
    await using gateway = await startGateway(PROXY);
    const frame = fc.oneof(
      junk,
      request.map((each) => JSON.stringify(each)),
    );
    await fc.assert(
      fc.asyncProperty(frame, fc.array(frame, { maxLength: 3 }), async (first, more) => {
        const client = await gateway.open({ "x-forwarded-for": "203.0.113.9" });
        for (const each of [first, ...more]) client.send(each);
        expect(REFUSALS).toContain((await client.closed).code);
        expect(client.received().some(({ ok }) => ok)).toBe(false);
      }),
      { numRuns: RUNS },
    );
    expect(await serves(gateway)).toBe(true);
  });

  it("DEV-2 a connect with one thing wrong is answered: hello-ok or an error and a close", async () => {
    await using gateway = await startGateway(PROXY);
    const device = { id: "x", publicKey: "AAAA", signature: "AAAA", signedAt: 1, nonce: "n" };
    const frame = { type: "req", id: "c", method: "connect", params: { ...connectParams(), caps: ["x"], device } };
    const { device: _, ...plain } = frame.params;
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutated(frame), mutated({ ...frame, params: plain })), async (each) => {
        const client = await gateway.open();
        client.send(each);
        const outcome = await Promise.race([
          client.next((answer) => answer.type === "res" && answer.ok).then(() => "in"),
          client.closed.then(({ code }) => code),
        ]).catch(() => client.closed.then(({ code }) => code));
        expect(["in", ...REFUSALS]).toContain(outcome);
        client.drop();
        await client.closed;
      }),
      { numRuns: RUNS },
    );
    expect(await serves(gateway)).toBe(true);
  });

  it("DEV-2 afterwards every request is answered in the right form, and nothing else ends the connection", async () => {
    await using gateway = await startGateway();
    const client: RawClient = await gateway.join();
    let n = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            junk,
            request.map((each) => JSON.stringify(each)),
          ),
          { maxLength: 5 },
        ),
        async (frames) => {
          for (const each of frames) client.send(each);
          n += 1;
          const id = `after-${n}-${"-".repeat(40)}`;
          client.send({ type: "req", id, method: "health" });
          for (;;) {
            const frame = await client.next();
            if (frame.type === "res") expect(matches(ResponseFrame, frame)).toBe(true);
            if (frame.id === id) break;
          }
        },
      ),
      { numRuns: RUNS },
    );
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, base: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [base];
  return [base, ...Object.entries(value).flatMap(([key, each]) => pathsOf(each, [...base, key]))].filter(
    (path) => path.length > 0,
  );
}

function replaced(value: unknown, [key, ...rest]: Path, replacement: unknown): unknown {
  if (key === undefined) return replacement;
  const copy = structuredClone(value) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, replacement);
  return copy;
}
