/**
 * Checks calls, answers and webhook bodies against Meta's OpenAPI description of the Business Messaging API. The
 * description is not part of this project. Objects may have no field that it does not name, other than those in
 * `BESIDES`, which Meta documents elsewhere.
 */
import { readFileSync } from "node:fs";
import type { SeenCall } from "@switchboard/simulator-kit/testing";
import { parse } from "yaml";
import { readForm } from "./api/multipart.ts";

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly discriminator?: { readonly propertyName: string; readonly mapping: Readonly<Record<string, string>> };
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly parameters?: readonly { readonly name?: string; readonly in?: string }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const METHODS = ["get", "post", "delete"] as const;

/** Parameters of every call: https://developers.facebook.com/docs/graph-api/overview and …/results, …/secure-requests. */
const GRAPH_WIDE = new Set(["appsecret_proof", "fields", "limit", "after"]);

/** What the description lacks, by the last names of the field's path; each is in Meta's pages. */
const BESIDES: readonly (readonly [field: string, source: string])[] = [
  // Comes back with every status: it is in the description for calls only.
  ["messages.biz_opaque_callback_data", "cloud-api/reference/messages#message-object"],
  ["statuses[].biz_opaque_callback_data", "cloud-api/webhooks/components#statuses-object"],
  ["errors[].title", "cloud-api/webhooks/components#errors-object"],
  ["audio.voice", "messages/audio-messages"],
  ["document.filename", "cloud-api/reference/messages#media-object"],
  ["image.caption", "cloud-api/reference/messages#media-object"],
  ["video.caption", "cloud-api/reference/messages#media-object"],
  ["document.caption", "cloud-api/reference/messages#media-object"],
  ["rows[].title", "cloud-api/reference/messages#section-object"],
  ["rows[].description", "cloud-api/reference/messages#section-object"],
  ["reply.title", "cloud-api/reference/messages#action-object"],
  ["form.type", "cloud-api/reference/media#upload-media"],
  ["answer.webhook_configuration", "cloud-api/webhooks/override"],
  ["data[].whatsapp_business_api_data", "the operation's own examples"],
  ["components[].example", "the operation's own examples"],
  ["error.error_data", "cloud-api/support/error-codes"],
];

export class SpecChecker {
  readonly #description: Description;
  readonly #operations = new Set<string>();
  readonly #phones: ReadonlySet<string>;
  /** Fields that were let pass because Meta documents them elsewhere. */
  readonly besides = new Set<string>();
  /** Calls of the Graph API that are not WhatsApp's own, e.g. `debug_token`. */
  readonly foreign = new Set<string>();
  requests = 0;
  events = 0;

  constructor(file: string, phones: readonly string[]) {
    this.#description = parse(readFileSync(file, "utf8"), { maxAliasCount: -1 }) as Description;
    this.#phones = new Set(phones);
  }

  get operations(): readonly string[] {
    return [...this.#operations].sort();
  }

  get described(): number {
    return Object.values(this.#description.paths).flatMap((path) => METHODS.filter((name) => path[name])).length;
  }

  /** What is wrong, in words; nothing when all is well. */
  check({ answer, body, headers, method, path, status }: SeenCall): string[] {
    const url = new URL(path, "http://graph");
    const [, , id = "", edge = ""] = url.pathname.split("/");
    if (id === "debug_token" || edge === "subscriptions") {
      this.foreign.add(edge || id);
      return [];
    }
    this.requests += 1;
    const subject = this.#phones.has(id) ? "Phone-Number-ID" : edge === "" ? "Media-ID" : "WABA-ID";
    const template = `/{Version}/{${subject}}${edge === "" ? "" : `/${edge}`}`;
    const operation = this.#description.paths[template]?.[method.toLowerCase()];
    if (!operation) return [`${method} ${template} is no operation of the description`];
    this.#operations.add(`${method} ${template}`);
    const known = new Set((operation.parameters ?? []).flatMap((each) => (each.in === "query" ? [each.name] : [])));
    const problems = [...url.searchParams.keys()]
      .filter((name) => !GRAPH_WIDE.has(name) && !known.has(name))
      .map((name) => `${method} ${template} has no parameter ${name}`);
    if (method === "POST") problems.push(...this.#body(edge, operation, body, headers["content-type"]));
    const isRead = edge === "messages" && body.includes('"status":"read"');
    const { GraphAPIError: refused, SuccessResponse: done } = this.#description.components.schemas;
    const schema =
      status >= 400 ? refused : isRead ? done : Object.values(operation.responses[status]?.content ?? {})[0]?.schema;
    return schema ? [...problems, ...this.#value("answer", schema, answer)] : [...problems, `no answer ${status}`];
  }

  /** A webhook's body. Of messages the description asks for what only sent ones have: they are checked by what they hold. */
  event(body: unknown): string[] {
    this.events += 1;
    const { entry } = body as { entry: [{ changes: [{ value: { messages?: Record<string, unknown>[] } }] }] };
    const messages = entry.flatMap(({ changes }) => changes.flatMap(({ value }) => value.messages ?? []));
    const whole = JSON.parse(JSON.stringify(body, (name, value) => (name === "messages" ? undefined : value)));
    const isStatus = messages.length === 0;
    const { StatusMessageValue: status, WebhookPayload: payload } = this.#description.components.schemas;
    if (!status || !payload) return ["the description has no webhooks"];
    const [value] = entry.flatMap(({ changes }) => changes.map((change) => change.value));
    return [
      ...this.#value("payload", payload, whole, (schema) => schema.oneOf !== undefined),
      ...(isStatus ? this.#value("value", status, value) : messages.flatMap((message) => this.#incoming(message))),
    ];
  }

  #incoming({ context, from, id, timestamp, type, ...content }: Record<string, unknown>): string[] {
    const problems = [from, id, timestamp, type].every((each) => typeof each === "string")
      ? []
      : ["message: from, id, timestamp or type is missing"];
    const reference = this.#resolved({ $ref: "IncomingMessage" }).discriminator?.mapping[String(type)];
    if (reference === undefined) return [...problems, `message: no type ${String(type)}`];
    const own = this.#resolved({ $ref: reference }).allOf?.find(({ properties }) => properties?.type);
    const { type: _type, context: _context, ...properties } = own?.properties ?? {};
    if (context !== undefined && typeof (context as { id?: unknown }).id !== "string") problems.push("context: no id");
    const media = ["audio", "document", "image", "sticker", "video"].includes(String(type));
    // What comes in of a file is more than what goes out; its documentation has the fields, the description has not.
    return media ? problems : [...problems, ...this.#value("message", { properties, type: "object" }, content)];
  }

  #body(edge: string, operation: Operation, body: Buffer, type = ""): string[] {
    const content = operation.requestBody?.content ?? {};
    if (type.startsWith("multipart/")) {
      const form = Object.fromEntries(readForm(body, type).map(({ bytes, name }) => [name, bytes.toString("latin1")]));
      return this.#value("form", content["multipart/form-data"]?.schema ?? {}, form);
    }
    if (body.length === 0) return [];
    const json: Record<string, unknown> = JSON.parse(body.toString());
    // The description has "read" and "typing" as an example only.
    if (edge === "messages" && json.status === "read") {
      const examples = (content["application/json"] as { readonly examples?: Record<string, { value: object }> })
        .examples;
      const example = examples?.["Send typing indicator and read receipt"]?.value ?? {};
      return Object.keys(json).toSorted().join() === Object.keys(example).toSorted().join()
        ? []
        : ["read: other fields"];
    }
    return this.#value(edge === "" ? "body" : edge, content["application/json"]?.schema ?? {}, json);
  }

  #value(where: string, given: Schema, value: unknown, skip: (schema: Schema) => boolean = () => false): string[] {
    const schema = this.#merged(given);
    if (skip(schema)) return [];
    const chosen = this.#choice(schema, value);
    if (chosen) return this.#value(where, chosen, value, skip);
    if (schema.oneOf && !schema.properties) {
      const tries = schema.oneOf.map((each) =>
        this.#value(where, { type: "object", ...this.#merged(each) }, value, skip),
      );
      return tries.find((problems) => problems.length === 0) ?? tries[0] ?? [];
    }
    if (schema.enum && !schema.enum.includes(value)) return [`${where} is ${String(value)}`];
    if (Array.isArray(value)) {
      const { items, maxItems = Number.POSITIVE_INFINITY, minItems = 0 } = schema;
      if (schema.type !== undefined && schema.type !== "array") return [`${where} is a list`];
      if (value.length < minItems || value.length > maxItems) return [`${where} has ${value.length} items`];
      return items ? value.flatMap((each) => this.#value(`${where}[]`, items, each, skip)) : [];
    }
    if (typeof value === "object" && value !== null) return this.#object(where, schema, value, skip);
    const type = typeof value === "number" && Number.isInteger(value) ? ["integer", "number"] : [typeof value];
    if (schema.type !== undefined && !type.includes(schema.type)) return [`${where} is no ${schema.type}`];
    if (typeof value !== "string") return [];
    const { maxLength = Number.POSITIVE_INFINITY, minLength = 0 } = schema;
    const fits = value.length >= minLength && value.length <= maxLength;
    return fits && (schema.pattern === undefined || new RegExp(schema.pattern).test(value))
      ? []
      : [`${where}: ${value}`];
  }

  #object(where: string, schema: Schema, value: object, skip: (schema: Schema) => boolean): string[] {
    const { properties, required = [] } = schema;
    const missing = required.filter((name) => !(name in value)).map((name) => `${where}.${name} is missing`);
    if (!properties) return missing;
    return [
      ...missing,
      ...Object.entries(value).flatMap(([name, each]) => {
        const property = properties[name];
        if (property) return this.#value(`${where}.${name}`, property, each, skip);
        const field = BESIDES.find(([path]) => `.${where}.${name}`.endsWith(`.${path}`));
        if (field) this.besides.add(field[0]);
        return field ? [] : [`${where} has no field ${name}`];
      }),
    ];
  }

  #choice(schema: Schema, value: unknown): Schema | undefined {
    const { discriminator } = schema;
    if (!discriminator || typeof value !== "object" || value === null) return undefined;
    const $ref = discriminator.mapping[String((value as Record<string, unknown>)[discriminator.propertyName])];
    if ($ref === undefined) return undefined;
    if (schema.oneOf) return { $ref };
    const { properties, required = [] } = this.#merged({ $ref });
    return { type: "object", properties: { ...schema.properties, ...properties }, required };
  }

  /** `allOf` of the description would, read strictly, forbid what it asks for; what is meant is all of their fields. */
  #merged(given: Schema): Schema {
    const schema = this.#resolved(given);
    const parts = (schema.allOf ?? []).map((each) => this.#merged(each));
    if (parts.length === 0) return schema;
    return {
      type: "object",
      properties: Object.assign({}, ...parts.map(({ properties }) => properties)),
      required: parts.flatMap(({ required = [] }) => required),
    };
  }

  #resolved(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    return this.#resolved(this.#description.components.schemas[schema.$ref.split("/").at(-1) ?? ""] ?? {});
  }
}
