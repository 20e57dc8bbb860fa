import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configSchema } from "./json-schema.ts";
import { METHODS, type MethodName, methodSpec } from "./methods/index.ts";

const document = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8"));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the generated document", () => {
  it("OPS-1 docs/config.schema.json says what the code says (npm run docs after a change)", () => {
    expect(document("config.schema.json")).toEqual(plain(configSchema()));
  });
});

describe("the catalogue of methods", () => {
  const names = Object.keys(METHODS) as MethodName[];

  it.each(names)("%s ignores fields it does not know and documents what it answers", (name) => {
    const { params, result } = methodSpec(name) as unknown as Record<"params" | "result", Record<string, unknown>>;
    expect(params).toMatchObject({ type: "object" });
    expect(params).not.toHaveProperty("additionalProperties");
    const { anyOf = [result] } = result as { anyOf?: { type?: string }[] };
    for (const { type } of anyOf) expect(["object", "array", "null"]).toContain(type);
  });

  it("DEV-10 asks for an idempotency key wherever a repetition would act twice", () => {
    const withKey = names.filter((name) => methodSpec(name).idempotent !== undefined);
    const required = ["agent", "chat.send", "message.action", "node.invoke", "poll", "send"];
    const optional = ["sessions.create", "sessions.send"];
    expect(withKey.sort()).toEqual([...required, ...optional]);
    for (const name of withKey) {
      const params = methodSpec(name).params as unknown as { required: string[]; properties: object };
      expect(params.properties).toHaveProperty("idempotencyKey");
      expect([name, params.required?.includes("idempotencyKey") ?? false]).toEqual([name, required.includes(name)]);
    }
  });

  it("gives only admins what changes accounts, configuration or the disk", () => {
    const admin = names.filter((name) => methodSpec(name).scope === "operator.admin");
    expect(admin.sort()).toEqual([
      "alerts.test",
      "auditLog.export",
      "auditLog.verify",
      "backup.create",
      "channels.act",
      "channels.add",
      "channels.install",
      "channels.logout",
      "channels.remove",
      "channels.start",
      "channels.stop",
      "chat.inject",
      "config.apply",
      "config.patch",
      "config.set",
      "device.pair.setupCode",
      "device.pair.setupStatus",
      "gateway.restart.request",
      "limits.set",
      "people.resetLink",
      "sessions.compact",
      "sessions.reset",
      "set-heartbeats",
      "system-event",
      "tenants.create",
      "tenants.createKey",
      "tenants.list",
      "tenants.remove",
      "tenants.resume",
      "tenants.suspend",
      "vault.rotate",
      "vault.shred",
      "vault.status",
      "vault.verify",
      "web.login.start",
      "web.login.wait",
    ]);
    const open = names.filter((name) => methodSpec(name).scope === null && methodSpec(name).role !== "node");
    expect(open).toEqual(["health", "device.scopes.requestUpgrade", "device.scopes.waitUpgrade"]);
  });
});
