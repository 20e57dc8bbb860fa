/** Presses, choices, forms and slash commands. Pure. */
import { type InboundEvent, sanitiseText } from "@switchboard/domain";
import { type Body, bodyOf, listOf, noteOf, textOf, wordOf } from "./body.ts";
import { CHANNEL_ID, conversationId, isChannel, isStamp, kindOf, messageId } from "./ids.ts";
import type { Where } from "./where.ts";

/** The `callback_id` of the form in which a command is written out. */
export const COMMAND_FORM = "switchboard_command";
/** Where its fields are: `<block>.<action>`. */
export const NAME_FIELD = "name";
export const TEXT_FIELD = "text";
/** Marks the `action_id` of buttons that only open an address. */
export const LINK_ACTION = "link";

/** What a form remembers of where it was asked for. */
export interface FormPlace {
  readonly channel: string;
  readonly callback?: string;
}

/** The event, or `undefined` for an interaction that means nothing here. */
export function readInteraction(body: Body, where: Where): InboundEvent | undefined {
  if (typeof body.command === "string") return readCommand(body, where);
  switch (body.type) {
    case "block_actions":
      return readPress(body, where);
    case "view_submission":
      return readForm(body, where);
    default:
      return undefined;
  }
}

function readPress(body: Body, where: Where): InboundEvent | undefined {
  const [action] = listOf(body.actions);
  if (!action || wordOf(action.action_id)?.startsWith(LINK_ACTION)) return undefined;
  const value =
    wordOf(action.value) ??
    wordOf(bodyOf(action.selected_option).value) ??
    listOf(action.selected_options)
      .map((option) => textOf(option.value) ?? "")
      .find((each) => each !== "");
  if (value === undefined) return undefined;
  const container = bodyOf(body.container);
  const message = [container.message_ts, bodyOf(body.message).ts].find(isStamp);
  const callback = wordOf(body.response_url);
  return {
    ...where,
    kind: "control",
    ...(message !== undefined && { messageId: messageId(message) }),
    value: sanitiseText(value),
    ...(callback !== undefined && { callback }),
  };
}

function readForm(body: Body, where: Where): InboundEvent | undefined {
  const view = bodyOf(body.view);
  if (view.callback_id !== COMMAND_FORM) return undefined;
  const fields = bodyOf(bodyOf(view.state).values);
  const name = wordOf(bodyOf(bodyOf(bodyOf(fields[NAME_FIELD])[NAME_FIELD]).selected_option).value);
  if (name === undefined) return undefined;
  const text = textOf(bodyOf(bodyOf(fields[TEXT_FIELD])[TEXT_FIELD]).value) ?? "";
  const { callback, channel } = readFormPlace(view.private_metadata);
  return {
    ...where,
    ...(channel !== undefined && {
      conversation: { id: conversationId(channel), kind: kindOf(channel) },
    }),
    kind: "command",
    name,
    text: sanitiseText(text.trim()),
    ...(callback !== undefined && { callback }),
  };
}

function readFormPlace(metadata: unknown): Partial<FormPlace> {
  try {
    const place = bodyOf(JSON.parse(textOf(metadata) ?? "{}"));
    const callback = wordOf(place.callback);
    return {
      ...(isChannel(place.channel) && { channel: place.channel }),
      ...(callback !== undefined && { callback }),
    };
  } catch {
    return {};
  }
}

/**
 * `/switchboard status now` is the command `status`: Slack has too many commands of its own for the gateway's to be
 * Slack's. Any other command of the app is the gateway's by its own name. Without anything behind it, it asks for a form.
 */
export function readSlash(command: string, text: string): { readonly name: string; readonly text: string } | undefined {
  const name = command.replace(/^\//, "").toLowerCase();
  if (name !== CHANNEL_COMMAND) return { name, text: text.trim() };
  const [, first, rest = ""] = /^\s*\/?([a-z0-9][\w-]*)\s*([\s\S]*)$/i.exec(text) ?? [];
  return first === undefined ? undefined : { name: first.toLowerCase(), text: rest.trim() };
}

/** What the manifest calls the app's command. */
export const CHANNEL_COMMAND = CHANNEL_ID === "slack" ? "switchboard" : `switchboard-${CHANNEL_ID}`;

function readCommand(body: Body, where: Where): InboundEvent | undefined {
  const { command: noted, form } = noteOf(body);
  if (form) return undefined;
  const command = noted ?? readSlash(textOf(body.command) ?? "", textOf(body.text) ?? "");
  if (!command || command.name === "") return undefined;
  const callback = wordOf(body.response_url);
  return {
    ...where,
    kind: "command",
    name: command.name,
    text: sanitiseText(command.text),
    ...(callback !== undefined && { callback }),
  };
}
