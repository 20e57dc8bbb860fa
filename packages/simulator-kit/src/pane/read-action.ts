/** Reads what the page sent, and trusts none of it. */
import { parseJsonObject, SwitchboardError } from "@switchboard/domain";
import type { PaneAction, PaneMedia } from "../shared/protocol.ts";
import type { PaneUpload } from "./pane-world.ts";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const texts: Check = (value) => Array.isArray(value) && value.every(text);
const values: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(text);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const message = { person: text, chat: text, message: text } as const;

const fields: { readonly [Kind in PaneAction["kind"]]: Readonly<Record<string, Check>> } = {
  say: { person: text, chat: text, text, thread: optional(text), replyTo: optional(text) },
  edit: { ...message, text },
  react: { ...message, emoji: text },
  press: { ...message, label: text },
  select: { ...message, label: text, values: texts },
  person: { name: text },
  do: { does: text, person: text, chat: optional(text), message: optional(text), values },
  submit: { person: text, form: text, values },
};

/** @throws REQ_001 for what is no action, naming the field. */
export function readAction(json: string): PaneAction {
  const action = parseJsonObject(json);
  if (!action) throw new SwitchboardError("REQ_001", "An action is a JSON object");
  const { kind } = action;
  if (typeof kind !== "string" || !Object.hasOwn(fields, kind)) {
    throw new SwitchboardError("REQ_001", "There is no such action");
  }
  for (const [name, check] of Object.entries(fields[kind as PaneAction["kind"]])) {
    if (!check(action[name])) throw new SwitchboardError("REQ_001", `${kind}: "${name}" is missing or of another type`);
  }
  return action as unknown as PaneAction;
}

const kinds: ReadonlySet<string> = new Set(["image", "video", "audio", "voice", "document", "sticker"]);

/** An upload's facts come in its address, its bytes are the body. */
export function readUpload(query: URLSearchParams, bytes: Buffer): PaneUpload {
  const kind = query.get("kind") ?? "document";
  if (!kinds.has(kind)) throw new SwitchboardError("REQ_001", "There is no such kind of file");
  const thread = query.get("thread");
  const replyTo = query.get("replyTo");
  return {
    person: query.get("person") ?? "",
    chat: query.get("chat") ?? "",
    text: query.get("text") ?? "",
    kind: kind as PaneMedia["kind"],
    name: query.get("name") ?? "file",
    mimeType: query.get("type") ?? "",
    bytes: new Uint8Array(bytes),
    ...(thread !== null && { thread }),
    ...(replyTo !== null && { replyTo }),
  };
}

/** A name that somebody typed. @throws REQ_001 when there is none. */
export function typedName(name: string | undefined): string {
  const trimmed = name?.trim().slice(0, 64) ?? "";
  if (trimmed === "") throw new SwitchboardError("REQ_001", "A name is needed");
  return trimmed;
}

/** Names separated by commas. */
export function typedNames(names: string | undefined): string[] {
  return (names ?? "")
    .split(",")
    .map((name) => name.trim().slice(0, 64))
    .filter((name) => name !== "");
}
