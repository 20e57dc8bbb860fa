/**
 * Says with each model call whose it is (TEN-7), for proxies and providers that count or bill by that: headers and
 * fields of the body, as the agent's configuration has them. Who wrote is told by a hash only.
 */
import type { AgentRequest } from "@switchboard/core/ports";
import { type Json, parseJsonObject, SwitchboardError } from "@switchboard/domain";
import type { AgentSettings } from "@switchboard/protocol";

const FIELDS = ["tenant", "channel", "account", "agent", "session", "turn", "peer"] as const;
type Field = (typeof FIELDS)[number];

/** What a call rests on: these are not for saying whose it is. */
const RESERVED = new Set([
  "accept",
  "api-key",
  "authorization",
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "cookie",
  "host",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-api-key",
]);
const MOST_CHARACTERS = 256;

export interface Attribution {
  readonly headers: Readonly<Record<string, string>>;
  /** Fields of the body; what the call has itself stays. */
  readonly body: Readonly<Record<string, Json>>;
}

/** @throws AGENT_006 for what cannot be sent. */
export function checkAttribution({ attribution, id }: AgentSettings): void {
  const wrong = (problem: string) => new SwitchboardError("AGENT_006", `Agent "${id}": ${problem}`);
  for (const name of Object.keys(attribution?.headers ?? {})) {
    const sendable = /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && !RESERVED.has(name.toLowerCase());
    if (!sendable) throw wrong(`attribution cannot set the header "${name}".`);
  }
  for (const template of templatesOf(attribution)) {
    const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].find(([, name]) => !FIELDS.includes(name as Field));
    if (unknown)
      throw wrong(`attribution knows ${FIELDS.map((name) => `{${name}}`).join(", ")}, but not ${unknown[0]}.`);
  }
}

/** `undefined` when the agent is not told to say whose its calls are. What needs a field that a turn has not is left out. */
export function attributionOf(request: AgentRequest): Attribution | undefined {
  const { agent, endUser, place, sessionId, tenant, turn } = request;
  const { attribution } = agent;
  if (!attribution) return undefined;
  const values: Readonly<Record<Field, string | undefined>> = {
    tenant,
    channel: place?.conversation.channel,
    account: place?.conversation.account,
    agent: agent.id,
    session: sessionId,
    turn,
    peer: endUser,
  };
  const filled = (template: string) => fill(template, values);
  const headers = entries(attribution.headers ?? {}, (template) => headerSafe(filled(template)));
  const body = entries<string | Record<string, string>, Json>(attribution.body ?? {}, (value) => {
    if (typeof value === "string") return filled(value);
    const inner = entries(value, filled);
    return Object.keys(inner).length > 0 ? inner : undefined;
  });
  return { headers, body };
}

/** Adds them to every call. */
export function attributedFetch({ body, headers }: Attribution, next: typeof fetch): typeof fetch {
  return (input, init) => {
    const all = new Headers(init?.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return next(input, { ...init, headers: all, ...(init?.body && { body: bodyWith(body, init.body) }) });
  };
}

type Body = NonNullable<RequestInit["body"]>;

function bodyWith(added: Attribution["body"], body: Body): Body {
  const document = typeof body === "string" && Object.keys(added).length > 0 ? parseJsonObject(body) : undefined;
  return document ? JSON.stringify({ ...added, ...document }) : body;
}

function fill(template: string, values: Readonly<Record<Field, string | undefined>>): string | undefined {
  let missing = false;
  const text = template.replace(/\{([^{}]*)\}/g, (_, name: Field) => {
    missing ||= values[name] === undefined;
    return values[name] ?? "";
  });
  return missing ? undefined : text.slice(0, MOST_CHARACTERS);
}

/** Visible ASCII and spaces; everything else, and what would end or fold a header, as in an address. */
function headerSafe(text: string | undefined): string | undefined {
  return text
    ?.trim()
    .toWellFormed()
    .replace(/[^\x20-\x7e]/gu, (letter) => encodeURIComponent(letter));
}

function entries<From, To>(
  from: Readonly<Record<string, From>>,
  to: (value: From) => To | undefined,
): Record<string, To> {
  const made = Object.entries(from).map(([name, value]) => [name, to(value)] as const);
  return Object.fromEntries(made.filter((entry): entry is [string, To] => entry[1] !== undefined && entry[1] !== ""));
}

function templatesOf(attribution: AgentSettings["attribution"]): string[] {
  const body = Object.values(attribution?.body ?? {});
  return [
    ...Object.values(attribution?.headers ?? {}),
    ...body.flatMap((value) => (typeof value === "string" ? [value] : Object.values(value))),
  ];
}
