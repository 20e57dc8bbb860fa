import { spawnSync } from "node:child_process";
import { createHash, createPrivateKey, createPublicKey, verify } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { EVENTS, METHODS } from "@switchboard/protocol";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, it } from "vitest";
import { smallTree } from "../tests/small-tree.ts";
import { type Catalogue, readCatalogue } from "./catalogue.ts";
import { modelDefinitions } from "./models.ts";

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, "../..");
const paths = {
  schema: "docs/protocol.schema.json",
  asyncapi: "docs/asyncapi.json",
  page: "docs/protocol.md",
  swift: "docs/clients/swift/SwitchboardProtocol.swift",
  kotlin: "docs/clients/kotlin/SwitchboardProtocol.kt",
} as const;
const text = (name: keyof typeof paths) => readFileSync(join(root, paths[name]), "utf8");
const parsed = (name: "schema" | "asyncapi") => JSON.parse(text(name)) as Record<string, Record<string, unknown>>;
const methods = Object.keys(METHODS);
const events = Object.keys(EVENTS);

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await readCatalogue();
});

/** What every `$ref` of a JSON document points to; undefined where there is nothing. */
function targets(document: unknown): [reference: string, target: unknown][] {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path);
  return references.map((path) => {
    const target = path
      .split("/")
      .reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], document);
    return [path, target];
  });
}

describe("the JSON Schema", () => {
  it("DEV-2 says of every method and event what it takes, gives and needs", () => {
    const schema = parsed("schema");
    expect(Object.keys(schema.methods ?? {}).sort()).toEqual([...methods].sort());
    expect(Object.keys(schema.events ?? {}).sort()).toEqual([...events].sort());
    expect(schema.methods?.["chat.send"]).toMatchObject({
      params: { $ref: "#/$defs/ChatSendParams" },
      result: { $ref: "#/$defs/ChatSendResult" },
      scope: "operator.write",
      role: "operator",
      idempotent: { meanwhile: "in-flight" },
    });
    expect(schema.methods?.agent).toMatchObject({ accepted: { $ref: "#/$defs/AgentAccepted" } });
    expect(schema.events?.["connect.challenge"]).toMatchObject({ payload: { $ref: "#/$defs/Challenge" } });
  });

  it("DEV-2 is valid, and every reference leads to something in it", () => {
    const schema = parsed("schema");
    const ajv = new Ajv2020({ strict: false });
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
    const references = targets(schema);
    expect(references.length).toBeGreaterThan(methods.length);
    expect(references.filter(([, target]) => target === undefined)).toEqual([]);
  });

  it("DEV-2 accepts what the protocol allows and refuses what it does not", () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addSchema(parsed("schema"), "protocol");
    const fits = (name: string, value: unknown) => ajv.getSchema(`protocol#/$defs/${name}`)?.(value);
    const message = { sessionKey: "main", message: "hello", idempotencyKey: "one" };
    expect(fits("ChatSendParams", { ...message, later: "unknown fields are fine" })).toBe(true);
    expect(fits("ChatSendParams", { ...message, queueMode: "shout" })).toBe(false);
    expect(fits("ChatSendParams", { message: "hello" })).toBe(false);
    expect(fits("RequestFrame", { type: "req", id: "1", method: "health" })).toBe(true);
    expect(fits("EventFrame", { type: "event", event: "tick", seq: -1 })).toBe(false);
  });
});

describe("the AsyncAPI document", () => {
  it("DEV-2 is valid by AsyncAPI's own schema, and every reference leads to something in it", () => {
    const document = parsed("asyncapi");
    const schema = require.resolve("@asyncapi/specs/schemas/3.0.0-without-$id.json");
    const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
    const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
    expect(validate(document), ajv.errorsText(validate.errors)).toBe(true);
    expect(validate({ ...document, operations: { "call.health": { action: "shout" } } })).toBe(false);
    expect(targets(document).filter(([, target]) => target === undefined)).toEqual([]);
  });

  it("DEV-2 has an operation for connect, for every method and for every event", () => {
    const expected = ["connect", ...methods].map((name) => `call.${name}`);
    expected.push(...events.map((name) => `event.${name}`));
    expect(Object.keys(parsed("asyncapi").operations ?? {}).sort()).toEqual(expected.sort());
  });
});

describe("the page", () => {
  it("DEV-2 has a section for every method and every event", () => {
    const page = text("page");
    for (const name of methods) expect(page).toContain(`<a id="method-${name}"></a>\n\n### ${name}\n`);
    for (const name of events) expect(page).toContain(`<a id="event-${name}"></a>\n\n### ${name}\n`);
  });

  it("DEV-2 links only to what is there, once", () => {
    const page = text("page");
    const anchors = [...page.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id);
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id);
    expect(anchors.filter((id, index) => anchors.indexOf(id) !== index)).toEqual([]);
    expect(links.filter((id) => !anchors.includes(id))).toEqual([]);
  });

  it("DEV-3 the proof in it verifies with what the page says and nothing else", () => {
    const [, json = ""] = /```json\n(\{[^`]*"signature"[^`]*\})\n```/.exec(text("page")) ?? [];
    const vector = JSON.parse(json) as Record<string, string> & { scopes: string[] };
    const { publicKey = "" } = vector;
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" });
    const signed = (payload = "", signature = "") =>
      verify(null, Buffer.from(payload), key, Buffer.from(signature, "base64url"));
    expect(signed(vector.payload, vector.signature)).toBe(true);
    expect(signed(vector.olderPayload, vector.olderSignature)).toBe(true);
    expect(signed(`${vector.payload}x`, vector.signature)).toBe(false);

    const raw = Buffer.from(publicKey, "base64url");
    expect(createHash("sha256").update(raw).digest("hex")).toBe(vector.deviceId);
    const d = Buffer.from(vector.seedHex ?? "", "hex").toString("base64url");
    const secret = createPrivateKey({ key: { kty: "OKP", crv: "Ed25519", d, x: publicKey }, format: "jwk" });
    expect(createPublicKey(secret).export({ format: "jwk" }).x).toBe(publicKey);
    const { deviceId, clientId, clientMode, role, scopes, signedAt, token, nonce } = vector;
    const line = [deviceId, clientId, clientMode, role, scopes.join(","), signedAt, token, nonce].join("|");
    expect(vector.olderPayload).toBe(`v2|${line}`);
    expect(vector.payload).toBe(`v3|${line}|macos 15.1|`);
  });
});

describe.each(["swift", "kotlin"] as const)("the models for %s", (language) => {
  const declared = {
    swift: /^public (?:struct|enum|class|typealias) (\w+)/gm,
    kotlin: /^(?:data class|enum class|class|typealias) (\w+)/gm,
  } as const;
  const namesIn = (source: string) => [...source.matchAll(declared[language])].map(([, name = ""]) => name);

  function parse(...files: string[]) {
    const script = join(import.meta.dirname, "parse.ts");
    // Without it the optimising compiler may run out of memory over the grammar.
    const { status, stdout } = spawnSync(process.execPath, ["--liftoff-only", script, language, ...files], {
      encoding: "utf8",
    });
    return { status, stdout };
  }

  it("DEV-2 have each type of the protocol once, under its own name", () => {
    const helpers = language === "swift" ? ["JSONAny", "JSONNull"] : [];
    const expected = [...Object.keys(modelDefinitions(catalogue)), ...helpers].sort();
    expect(namesIn(text(language)).sort()).toEqual(expected);
    expect(expected).toEqual(expect.arrayContaining(["ConnectParams", "HelloOk", "ChatSendParams", "Presence"]));
    expect(expected.filter((name) => /^(Purple|Fluffy|Tentacled?|Sticky|Indigo|Hilarious)/.test(name))).toEqual([]);
  });

  it("DEV-2 name every method and every event", () => {
    const source = text(language);
    for (const name of [...methods, ...events]) expect(source).toContain(`"${name}"`);
  });

  it("DEV-2 leave optional what is optional", () => {
    const source = text(language);
    const required = language === "swift" ? "public var sessionKey: String\n" : "val sessionKey: String,";
    const optional = language === "swift" ? "public var agentId: String?\n" : "val agentId: String? = null";
    const [params = ""] = /(struct|class) ChatSendParams\b[\s\S]*?\n[})]/.exec(source) ?? [];
    expect(params).toContain(required);
    expect(params).toContain(optional);
  });

  it("DEV-2 are read by a parser of the language without a complaint; a slip is noticed", { timeout: 60_000 }, () => {
    const whole = parse(join(root, paths[language]));
    expect(whole.stdout).toMatch(/: \d{3,} declarations\n$/);
    expect(whole.status).toBe(0);
    using tree = smallTree({});
    const broken = join(tree.path, "broken");
    writeFileSync(broken, text(language).replace(/^(.*\bsessionKey: String),?$/m, "$1 :"));
    const { status, stdout } = parse(broken);
    expect(stdout).toMatch(/: (not understood|no .+)\n/);
    expect(status).toBe(1);
  });
});
