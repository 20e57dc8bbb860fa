/** Every method the protocol has, called with every scope there is: let in, or refused as the protocol says. */
import { METHODS, type MethodName, methodSpec, SCOPES, type Scope } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { type RawClient, startGateway } from "./harness.test.util.ts";
import type { Handlers } from "./registry.ts";

const names = (Object.keys(METHODS) as MethodName[]).filter((name) => methodSpec(name).role === "operator").sort();

/** The connection layer's own methods have their handlers already. */
const OWN = ["sessions.messages.subscribe", "sessions.messages.unsubscribe", "sessions.subscribe", "system-presence"];
const LAYER = new Set<string>([...OWN, "system-event", "trace.subscribe", "trace.unsubscribe"]);

const implied: Readonly<Record<string, readonly Scope[]>> = {
  "operator.read": ["operator.read", "operator.write", "operator.admin"],
  "operator.write": ["operator.write", "operator.admin"],
  "operator.sessions.read": ["operator.sessions.read", "operator.sessions.write"],
  "operator.sessions.write": ["operator.sessions.write"],
};

/** Who may call a method, written down apart from what the gateway computes with. */
function mayCall(name: MethodName, scope: Scope): boolean {
  const { scope: needed, orScope } = methodSpec(name);
  if (needed === null || scope === "operator.admin") return true;
  const wide = implied[needed] ?? [needed];
  const narrow = orScope === undefined ? [] : (implied[orScope] ?? [orScope]);
  return [...wide, ...narrow].includes(scope);
}

const everything = Object.fromEntries(
  names.filter((name) => !LAYER.has(name)).map((name) => [name, () => ({})]),
) as unknown as Handlers;

/** What came of a call: `called`, `invalid` parameters, or the scope that was missing. */
async function outcome(client: RawClient, method: string, params: unknown): Promise<string> {
  const { error, ok } = await client.call(method, params);
  if (ok) return "called";
  if (error.code !== "FORBIDDEN")
    return error.message.startsWith(`invalid ${method} params`) ? "invalid" : error.message;
  expect(error).toMatchObject({
    message: `missing scope: ${error.details.missingScope}`,
    details: { code: "MISSING_SCOPE", requiredScopes: expect.arrayContaining([error.details.missingScope]) },
  });
  return String(error.details.missingScope);
}

describe("scopes", () => {
  it.each(SCOPES)("DEV-8 %s lets its holder call what it covers and nothing else", async (scope) => {
    await using gateway = await startGateway({ handlers: everything });
    const client = await gateway.join({ scopes: [scope] });
    const wrong: string[] = [];
    for (const name of names) {
      const came = await outcome(client, name, 7);
      const expected = mayCall(name, scope) ? "invalid" : String(methodSpec(name).scope);
      if (came !== expected) wrong.push(`${name}: ${came}, expected ${expected}`);
    }
    expect(wrong).toEqual([]);
  });

  it("DEV-8 the narrow session scopes reach sessions and chats only", () => {
    const with_ = (scope: Scope) => names.filter((name) => methodSpec(name).orScope === scope);
    expect(with_("operator.sessions.read").every((name) => /^(sessions|chat)\./.test(name))).toBe(true);
    expect(with_("operator.sessions.write").every((name) => /^(sessions|chat)\./.test(name))).toBe(true);
    expect(with_("operator.sessions.read")).toContain("chat.history");
    expect(with_("operator.sessions.write")).toContain("chat.send");
  });

  const [WRITE, ADMIN] = ["operator.write", "operator.admin"];
  const writers = (gets: string) => ({ "operator.write": gets, "operator.sessions.write": gets });

  /** Method, parameters, and what each of the scopes gets; everyone not named gets what `others` says. */
  const byParameters: [MethodName, Record<string, unknown>, Partial<Record<Scope, string>>, string][] = [
    ["agent", { message: "hi", idempotencyKey: "1" }, { "operator.write": "called" }, "operator.write"],
    ...["/new", " /reset ", "/New\nand more", "/reset now"].map((message): (typeof byParameters)[number] => [
      "agent",
      { message, idempotencyKey: message },
      { "operator.write": "operator.admin" },
      "operator.write",
    ]),
    ["agent", { message: "/newest", idempotencyKey: "2" }, { "operator.write": "called" }, "operator.write"],
    ...[{ label: "x", model: null, thinkingLevel: "low" }, { permissionMode: "guarded" }, { archived: true }].map(
      (changes): (typeof byParameters)[number] => [
        "sessions.patch",
        { key: "k", ...changes },
        writers("called"),
        WRITE,
      ],
    ),
    ...[{ verbosity: "long" }, { permissionMode: "full" }, { execHost: "x" }, { label: "x", surprise: 1 }].map(
      (changes): (typeof byParameters)[number] => ["sessions.patch", { key: "k", ...changes }, writers(ADMIN), WRITE],
    ),
    ["sessions.create", { key: "k", message: "hi", label: "x" }, writers("called"), WRITE],
    ["sessions.create", { incognito: false, permissionMode: "guarded" }, writers("called"), WRITE],
    ...[{ incognito: true }, { execNode: "n" }, { toolOverrides: {} }, { permissionMode: "full" }].map(
      (wide): (typeof byParameters)[number] => ["sessions.create", wide, writers(ADMIN), WRITE],
    ),
    ["sessions.delete", { key: "k" }, writers(ADMIN), WRITE],
    ["sessions.delete", { key: "k", archivedOnly: false }, writers(ADMIN), WRITE],
    ["sessions.delete", { key: "k", archivedOnly: true }, writers("called"), WRITE],
    ["sessions.delete", { key: "k", archivedOnly: true, emitLifecycleHooks: false }, writers(ADMIN), WRITE],
  ];

  /** Parameters of other gateways: whoever may use them is told that there is no such thing here. */
  const NOT_HERE = ["permissionMode", "archived", "execHost", "incognito", "execNode", "toolOverrides"];

  it.each(byParameters)("DEV-8 %s %j takes what its parameters say", async (method, params, allowed, others) => {
    await using gateway = await startGateway({ handlers: everything });
    for (const scope of SCOPES) {
      const client = await gateway.join({ scopes: [scope] });
      const mayBe = scope === "operator.admin" ? "called" : (allowed[scope] ?? others);
      const expected = mayBe === "called" && NOT_HERE.some((name) => params[name]) ? "invalid" : mayBe;
      expect([scope, await outcome(client, method, params)]).toEqual([scope, expected]);
    }
  });
});
