/** A channel's data: complete, consistent, and such that forms and limits can be built from it. */
import { matches, problemsOf } from "@switchboard/domain";
import { expect } from "vitest";
import { frozen } from "./fixtures.ts";
import { failureOf, present } from "./scene.ts";
import type { Suite } from "./suite.ts";

interface ObjectSchema {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>;
}

export function describesItself({ channel, fixtures, opened, reader, scene, simulator, test }: Suite): void {
  test("CH-0 has an id, a label and transports, preferred first", () => {
    expect(channel.id).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/);
    expect(channel.label.trim()).toBe(channel.label);
    expect(channel.label).not.toBe("");
    expect(new Set(channel.transports).size).toBe(channel.transports.length);
    for (const transport of channel.transports) expect(["websocket", "webhook", "polling"]).toContain(transport);
    const { brings = "everything" } = channel.webhook ?? { brings: "nothing" };
    expect(brings === "everything", "a webhook and its verifier are one").toBe(channel.transports.includes("webhook"));
  });

  test("CH-0 states capabilities that go together", () => {
    const { attachments, controls, edits, streamMs, text, typingMs } = channel.capabilities;
    expect(text.maxLength).toBeGreaterThan(0);
    expect(["utf16", "codepoint", "byte"]).toContain(text.unit);
    for (const limit of Object.values(attachments)) expect(limit.maxBytes).toBeGreaterThan(0);
    expect(controls.buttons).toBeGreaterThanOrEqual(0);
    if (controls.buttons > 0) expect(controls.valueBytes, "what is pressed must come back").toBeGreaterThan(0);
    if (typingMs !== undefined) expect(typingMs).toBeGreaterThan(0);
    if (streamMs) {
      expect(edits, "streaming is done by edits").toBe(true);
      expect(Math.min(streamMs.direct, streamMs.group)).toBeGreaterThan(0);
    }
  });

  test("Q-3 has a retry policy and rate limits that can be followed", () => {
    const { rateLimits, retry } = channel;
    expect(retry.maxAttempts).toBeGreaterThanOrEqual(1);
    expect(retry.initialDelayMs).toBeGreaterThan(0);
    expect(retry.maxDelayMs).toBeGreaterThanOrEqual(retry.initialDelayMs);
    for (const limit of [rateLimits.account, rateLimits.direct, rateLimits.group]) {
      if (!limit) continue;
      expect(limit.perSecond).toBeGreaterThan(0);
      expect(limit.burst).toBeGreaterThanOrEqual(1);
    }
  });

  test("CRED-1 names its secrets and variables after properties of its config", async () => {
    const { env, schema, secrets } = channel.config;
    const { properties = {}, type } = schema as ObjectSchema;
    expect(type).toBe("object");
    expect(secrets.length, "an account without any secret").toBeGreaterThan(0);
    for (const name of secrets) expect(properties[name]?.type, `secret ${name}`).toBe("string");
    for (const [variable, name] of Object.entries(env)) {
      expect(variable).toMatch(/^[A-Z][A-Z0-9_]*$/);
      expect(Object.keys(properties)).toContain(name);
    }
    expect(matches(schema, {}), "without its secret no account can run").toBe(false);
    await using platform = await simulator();
    for (const transport of channel.transports) {
      await using scene = await opened({ simulator: platform, transport });
      expect(problemsOf(schema, scene.account.context.config)).toEqual([]);
    }
  });

  test("CH-0 has exactly the methods that its capabilities promise", async () => {
    await using scene = await opened();
    const { connection } = scene;
    const { capabilities } = channel;
    expect(connection.isConnected(), "open must not connect").toBe(false);
    expect(connection.edit !== undefined, "edit").toBe(capabilities.edits);
    expect(connection.remove !== undefined, "remove").toBe(capabilities.deletes);
    expect(connection.react !== undefined, "react").toBe(capabilities.reactions.out);
    expect(connection.typing !== undefined, "typing").toBe(capabilities.typingMs !== undefined);
    expect(connection.reconcile !== undefined, "reconcile").toBe(capabilities.reconciles);
    expect(connection.interact !== undefined, "interact").toBe(channel.webhook?.brings === "interactions");
    expect(connection.act !== undefined, "act").toBe(Object.keys(channel.actions ?? {}).length > 0);
    const callbacks = fixtures.flatMap(([, { update }]) =>
      channel
        .unbundle(update, reader)
        .flatMap((raw) => channel.normalise(raw, reader))
        .filter((event) => (event.kind === "control" || event.kind === "command") && event.callback !== undefined),
    );
    expect(connection.acknowledge !== undefined, "acknowledge, of what a platform waits for").toBe(
      callbacks.length > 0,
    );
  });

  test("CH-5 an action has a description and an object as its parameters, and what is none is refused", async (needs) => {
    const actions = needs(channel.actions, "has no actions of its own");
    for (const [name, { description, params }] of Object.entries(actions)) {
      expect(name).toMatch(/^[a-z][a-zA-Z0-9]*(\.[a-z][a-zA-Z0-9]*)*$/);
      expect(description.trim(), name).not.toBe("");
      expect((params as ObjectSchema).type, name).toBe("object");
    }
    await using it = await scene();
    const act = present(it.connection.act);
    for (const name of ["", "nothing.known", "__proto__", "constructor"]) {
      const refused = await failureOf(act.call(it.connection, name, {}, AbortSignal.timeout(5_000)));
      expect(refused, name).toMatchObject({ code: "REQ_001", delivered: "no" });
    }
    expect(it.simulator.sent()).toEqual([]);
  });

  test("CH-2 its manifest is pure, and says what it was asked to say", (needs) => {
    const make = needs(channel.manifest, "has no console that takes a file");
    const options = { name: "Front Desk", webhookUrl: "https://gateway.example/webhooks/x", commands: COMMANDS };
    const first = make(frozen(structuredClone(options)));
    expect(make(structuredClone(options))).toEqual(first);
    expect(first.type).toMatch(/^[a-z]+\/[a-z0-9.+-]+$/);
    if (first.type === "application/json") expect(() => JSON.parse(first.body)).not.toThrow();
    expect(first.body).toContain(options.name);
    expect(first.body).toContain(options.webhookUrl);
    const { webhookUrl: _, ...silent } = options;
    expect(make(silent).body, "it need not call").not.toContain(options.webhookUrl);
  });
}

const COMMANDS = [{ name: "status", description: "How it goes" }];
