/** Keyboards that come with a message. */
import type { InlineKeyboardButton, InlineKeyboardMarkup } from "@grammyjs/types";
import { badRequest } from "../failure.ts";
import { isObject, type Params, type Values } from "./params.ts";

/** Telegram's limits: bytes of a button's data, buttons of a message. */
const DATA_BYTES = 64;
const MOST_BUTTONS = 100;

export interface Markup {
  readonly inline?: InlineKeyboardMarkup;
  /** Labels of a reply keyboard; empty rows take the keyboard away. */
  readonly keyboard?: readonly (readonly string[])[];
}

/** What acts when the button is pressed; exactly one belongs to a button. */
const actions = [
  "url",
  "callback_data",
  "web_app",
  "login_url",
  "switch_inline_query",
  "switch_inline_query_current_chat",
  "switch_inline_query_chosen_chat",
  "copy_text",
  "callback_game",
  "pay",
] as const;

export function readMarkup(params: Params): Markup {
  const markup = params.object("reply_markup");
  if (!markup) return {};
  if (markup.inline_keyboard !== undefined) return inlineMarkup(markup.inline_keyboard);
  if (markup.keyboard !== undefined)
    return { keyboard: rows(markup.keyboard, "keyboard").map((row) => row.map(label)) };
  if (markup.remove_keyboard === true) return { keyboard: [] };
  return {};
}

function inlineMarkup(value: unknown): Markup {
  const keyboard = rows(value, "inline_keyboard")
    .map((row) => row.map(readButton))
    .filter((row) => row.length > 0);
  if (keyboard.flat().length > MOST_BUTTONS) throw badRequest("reply markup is too long");
  return keyboard.length === 0 ? {} : { inline: { inline_keyboard: keyboard } };
}

function rows(value: unknown, field: string): readonly (readonly unknown[])[] {
  if (!Array.isArray(value)) throw badRequest(`field "${field}" must be of type Array`);
  return value.map((row: unknown) => {
    if (Array.isArray(row)) return row;
    const of = field === "inline_keyboard" ? " of the InlineKeyboardMarkup" : "";
    throw badRequest(`field "${field}"${of} must be an Array of Arrays`);
  });
}

function label(button: unknown): string {
  const text = isObject(button) ? button.text : button;
  if (typeof text === "string" && text !== "") return text;
  throw badRequest('can\'t parse keyboard button: Field "text" must be of type String');
}

function readButton(button: unknown): InlineKeyboardButton {
  if (!isObject(button)) throw cannotParse("InlineKeyboardButton must be an Object");
  const { text } = button;
  if (typeof text !== "string") throw cannotParse('Field "text" must be of type String');
  if (text.trim() === "") throw badRequest("inline keyboard button text must be non-empty");
  const action = actions.find((name) => button[name] !== undefined && button[name] !== "");
  if (!action) throw cannotParse("Text buttons are unallowed in the inline keyboard");
  const value = button[action];
  if (action === "callback_data") return { ...shared(button, text), callback_data: checkedData(value) };
  if (action === "url") return { ...shared(button, text), url: checkedUrl(value) };
  // The rest is shown as it came; the simulator's people cannot press it.
  return { ...shared(button, text), [action]: value } as unknown as InlineKeyboardButton;
}

function shared(button: Values, text: string): { text: string; style?: "danger" | "success" | "primary" } {
  const { style } = button;
  return { text, ...((style === "danger" || style === "success" || style === "primary") && { style }) };
}

function checkedData(value: unknown): string {
  if (typeof value !== "string") throw cannotParse('Field "callback_data" must be of type String');
  if (Buffer.byteLength(value) > DATA_BYTES) throw badRequest("BUTTON_DATA_INVALID");
  return value;
}

function checkedUrl(value: unknown): string {
  if (typeof value !== "string") throw cannotParse('Field "url" must be of type String');
  const full = /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `http://${value}`;
  if (/^(tg|ton|mailto|tel):/i.test(full)) return full;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url && /^https?:$/.test(url.protocol) && url.hostname.includes(".")) return full;
  throw badRequest(`inline keyboard button URL '${value}' is invalid: Wrong HTTP URL`);
}

function cannotParse(what: string): Error {
  return badRequest(`can't parse inline keyboard button: ${what}`);
}
