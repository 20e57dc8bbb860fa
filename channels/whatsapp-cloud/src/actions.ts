/**
 * What an operator does with message templates from here. Meta looks at every new one before it can be sent.
 * https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates
 */
import { fields, items, text } from "@switchboard/channel-kit/json";
import { type ChannelAction, type Json, type JsonObject, SwitchboardError } from "@switchboard/domain";
import { Type } from "@switchboard/domain/schema";
import type { GraphApi } from "./api.ts";

const closed = { additionalProperties: false };
const Name = Type.String({ pattern: "^[a-z0-9_]{1,512}$", description: "Lower-case letters, digits and underscores." });
const PAGE = 100;
/** A business has at most 6000 templates. */
const MOST_PAGES = 60;

export const actions = {
  "templates.list": {
    description: "the templates of the business account, with what Meta thinks of them",
    params: Type.Object({ name: Type.Optional(Name) }, closed),
  },
  "templates.create": {
    description: "has a template approved; {{1}}, {{2}} in the body are its parameters, which need examples",
    params: Type.Object(
      {
        name: Name,
        language: Type.String({ minLength: 2, maxLength: 15, description: "E.g. en_US." }),
        category: Type.Enum(["AUTHENTICATION", "MARKETING", "UTILITY"]),
        body: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
        examples: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { description: "One for each parameter." })),
        footer: Type.Optional(Type.String({ minLength: 1, maxLength: 60 })),
        buttons: Type.Optional(
          Type.Array(Type.String({ minLength: 1, maxLength: 25 }), { maxItems: 10, description: "Quick replies." }),
        ),
        components: Type.Optional(
          Type.Array(Type.Object({ type: Type.String() }), {
            minItems: 1,
            description: "As the Graph API takes them, instead of body, examples, footer and buttons.",
          }),
        ),
      },
      closed,
    ),
  },
  "templates.delete": {
    description: "removes a template in all its languages; its name is not free again for 30 days",
    params: Type.Object({ name: Name }, closed),
  },
} satisfies Readonly<Record<string, ChannelAction>>;

interface Creation {
  readonly name: string;
  readonly language: string;
  readonly category: string;
  readonly body?: string;
  readonly examples?: readonly string[];
  readonly footer?: string;
  readonly buttons?: readonly string[];
  readonly components?: Json[];
}

/** `params` are valid by the action's schema. Rejects as `GraphApi.call` does. */
export async function act(
  api: GraphApi,
  businessAccountId: string,
  action: string,
  params: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject> {
  const path = `${businessAccountId}/message_templates`;
  switch (action as keyof typeof actions) {
    case "templates.list":
      return { templates: await list(api, path, text(params.name), signal) };
    case "templates.create": {
      const body = creation(params as unknown as Creation);
      return json(await api.call({ method: "POST", path, body, signal }));
    }
    case "templates.delete":
      return json(await api.call({ method: "DELETE", path, query: { name: String(params.name) }, signal }));
    default:
      throw new SwitchboardError("REQ_001", "WhatsApp has no such action.");
  }
}

async function list(api: GraphApi, path: string, name: string | undefined, signal: AbortSignal): Promise<Json[]> {
  const all: Json[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = {
      fields: "id,name,language,category,status,components,rejected_reason",
      limit: String(PAGE),
      ...(name !== undefined && { name }),
      ...(after !== undefined && { after }),
    };
    const { data, paging } = await api.call({ method: "GET", path, query, signal });
    all.push(...(items(data) as Json[]));
    after = text(fields(fields(paging).cursors).after);
    if (after === undefined || text(fields(paging).next) === undefined) break;
  }
  return all;
}

function creation({ body, buttons, category, components, examples, footer, language, name }: Creation): JsonObject {
  const example = examples && examples.length > 0 ? { example: { body_text: [[...examples]] } } : {};
  const own: JsonObject[] = [
    ...(body === undefined ? [] : [{ type: "BODY", text: body, ...example }]),
    ...(footer === undefined ? [] : [{ type: "FOOTER", text: footer }]),
    ...(buttons ? [{ type: "BUTTONS", buttons: buttons.map((label) => ({ type: "QUICK_REPLY", text: label })) }] : []),
  ];
  return { name, language, category, components: components ?? own };
}

const json = (value: object): JsonObject => value as JsonObject;
