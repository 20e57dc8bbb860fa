/**
 * Checks the body of `POST /<phone number id>/messages` as Meta does: unknown fields, missing ones, limits.
 * https://developers.facebook.com/docs/whatsapp/cloud-api/reference/messages
 */
import { problemsOf } from "@switchboard/domain";
import { type TSchema, Type } from "@switchboard/domain/schema";
import { invalid } from "./refusal.ts";

const closed = { additionalProperties: false };
const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const Media = (more: Record<string, TSchema>) => Type.Object({ id: Text(100), ...more }, closed);
const Caption = { caption: Type.Optional(Text(1024)) };
const Body = Type.Object({ text: Text(1024) }, closed);
const Id = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: "^\\S(.*\\S)?$" });

const Reply = Type.Object(
  { type: Type.Literal("reply"), reply: Type.Object({ id: Id(256), title: Text(20) }, closed) },
  closed,
);
const Row = Type.Object(
  { id: Id(200), title: Text(24), description: Type.Optional(Type.String({ maxLength: 72 })) },
  closed,
);
const interactives: Readonly<Record<string, TSchema>> = {
  button: Type.Object({ buttons: Type.Array(Reply, { minItems: 1, maxItems: 3 }) }, closed),
  list: Type.Object(
    {
      button: Text(20),
      sections: Type.Array(
        Type.Object({ title: Type.Optional(Text(24)), rows: Type.Array(Row, { minItems: 1, maxItems: 10 }) }, closed),
        { minItems: 1, maxItems: 1 },
      ),
    },
    closed,
  ),
  cta_url: Type.Object(
    {
      name: Type.Literal("cta_url"),
      parameters: Type.Object(
        { display_text: Text(20), url: Type.String({ pattern: "^https?://\\S+$", maxLength: 2000 }) },
        closed,
      ),
    },
    closed,
  ),
};

const Kind = Type.Optional(Type.Enum(["HOME", "WORK"]));
const Digits = Type.Optional(Type.String({ pattern: "^\\d+$" }));

const contents: Readonly<Record<string, TSchema>> = {
  text: Type.Object({ body: Text(4096), preview_url: Type.Optional(Type.Boolean()) }, closed),
  image: Media(Caption),
  video: Media(Caption),
  audio: Media({ voice: Type.Optional(Type.Boolean()) }),
  sticker: Media({}),
  document: Media({ ...Caption, filename: Type.Optional(Text(240)) }),
  /** An empty emoji takes the reaction back. */
  reaction: Type.Object({ message_id: Text(256), emoji: Type.String({ maxLength: 32 }) }, closed),
  location: Type.Object(
    {
      latitude: Type.String({ pattern: "^-?\\d+(\\.\\d+)?$" }),
      longitude: Type.String({ pattern: "^-?\\d+(\\.\\d+)?$" }),
      name: Type.Optional(Text(1000)),
      address: Type.Optional(Text(1000)),
    },
    closed,
  ),
  contacts: Type.Array(
    Type.Object(
      {
        name: Type.Object({ formatted_name: Text(1000), first_name: Text(1000) }, closed),
        phones: Type.Optional(Type.Array(Type.Object({ phone: Text(100), type: Kind, wa_id: Digits }, closed))),
        emails: Type.Optional(Type.Array(Type.Object({ email: Text(320), type: Kind }, closed))),
        org: Type.Optional(Type.Object({ company: Text(1000) }, closed)),
      },
      closed,
    ),
    { minItems: 1, maxItems: 5 },
  ),
  interactive: Type.Object({ type: Type.String(), body: Body, action: Type.Unknown() }, closed),
  template: Type.Object(
    {
      name: Text(512),
      language: Type.Object({ code: Text(15), policy: Type.Optional(Type.Literal("deterministic")) }, closed),
      components: Type.Optional(Type.Array(Type.Object({ type: Type.String() }))),
    },
    closed,
  ),
};

export interface CheckedMessage {
  readonly to: string;
  readonly type: string;
  readonly replyTo?: string;
  readonly delivery?: string;
  /** What stands in the field that `type` names. */
  readonly content: Readonly<Record<string, unknown>>;
}

/** @throws a refusal with error 100 that names the field. */
export function checkMessage(body: Readonly<Record<string, unknown>>): CheckedMessage {
  const type = String(body.type ?? "text");
  const schema = contents[type];
  if (!schema) throw invalid(`Param type must be one of {${Object.keys(contents).join(", ")}} - got "${type}".`);
  const envelope = Type.Object(
    {
      messaging_product: Type.Literal("whatsapp"),
      recipient_type: Type.Optional(Type.Literal("individual")),
      to: Type.String({ pattern: "^\\+?[0-9]{6,15}$" }),
      type: Type.Optional(Type.String()),
      context: Type.Optional(Type.Object({ message_id: Text(256) }, closed)),
      biz_opaque_callback_data: Type.Optional(Type.String({ maxLength: 512 })),
      [type]: schema,
    },
    closed,
  );
  check(envelope, body);
  const content = body[type] as CheckedMessage["content"];
  if (type === "interactive") checkInteractive(content);
  const {
    biz_opaque_callback_data: delivery,
    context,
    to,
  } = body as {
    to: string;
    context?: { message_id: string };
    biz_opaque_callback_data?: string;
  };
  return {
    to: to.replace(/^\+/, ""),
    type,
    content,
    ...(context && { replyTo: context.message_id }),
    ...(delivery !== undefined && { delivery }),
  };
}

export interface InteractiveContent {
  readonly type: string;
  readonly body: { readonly text: string };
  readonly action: {
    readonly buttons?: readonly { readonly reply: { readonly id: string; readonly title: string } }[];
    readonly button?: string;
    readonly sections?: readonly { readonly rows: readonly Row[] }[];
    readonly parameters?: { readonly display_text: string; readonly url: string };
  };
}

export interface Row {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

function checkInteractive(content: CheckedMessage["content"]): void {
  const { action, type } = content as unknown as InteractiveContent;
  const schema = interactives[type];
  if (!schema) throw invalid(`Param interactive['type'] must be one of {${Object.keys(interactives).join(", ")}}`);
  check(schema, action);
  const entries = choicesOf(content as unknown as InteractiveContent);
  for (const key of ["id", "title"] as const) {
    const values = entries.map((entry) => entry[key]);
    if (new Set(values).size < values.length) throw invalid(`Duplicated ${key} in interactive['action']`);
  }
}

/** The buttons or rows that can be pressed. */
export function choicesOf({ action }: InteractiveContent): readonly Row[] {
  return [...(action.buttons ?? []).map(({ reply }) => reply), ...(action.sections ?? []).flatMap(({ rows }) => rows)];
}

function check(schema: TSchema, value: unknown): void {
  const [problem] = problemsOf(schema, value);
  if (problem !== undefined) throw invalid(problem);
}
