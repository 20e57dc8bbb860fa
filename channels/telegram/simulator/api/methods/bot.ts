/** What the bot tells of itself, and files. */
import type { BotCommand, File, UserFromGetMe } from "@grammyjs/types";
import { badRequest } from "../../failure.ts";
import { keepBot } from "../../world/bot.ts";
import { type Call, type Methods, other } from "../call.ts";
import { isObject } from "../params.ts";

/** Largest file that a bot can download. */
const DOWNLOAD_BYTES = 20 * 1024 * 1024;
const MOST_COMMANDS = 100;

export const botMethods = {
  getMe: other(
    ({ world }): UserFromGetMe => ({ ...world.bot.user, first_name: world.bot.texts.name ?? world.self.first_name }),
  ),
  logOut: other(() => true),
  close: other(() => true),

  setMyCommands: other((call) => {
    const { world, params } = call;
    const list = params.list("commands");
    if (!list) throw badRequest("can't parse commands JSON object");
    if (list.length > MOST_COMMANDS) throw badRequest("BOT_COMMANDS_TOO_MUCH");
    world.bot.commands[scopeKey(call)] = list.map(readCommand);
    keepBot(world.journal, world.bot);
    return true;
  }),

  getMyCommands: other((call): BotCommand[] => call.world.bot.commands[scopeKey(call)] ?? []),

  deleteMyCommands: other((call) => {
    delete call.world.bot.commands[scopeKey(call)];
    keepBot(call.world.journal, call.world.bot);
    return true;
  }),

  setMyName: other((call) => setText(call, "name", 64)),
  getMyName: other((call) => ({ name: getText(call, "name") || call.world.self.first_name })),
  setMyDescription: other((call) => setText(call, "description", 512)),
  getMyDescription: other((call) => ({ description: getText(call, "description") })),
  setMyShortDescription: other((call) => setText(call, "short_description", 120)),
  getMyShortDescription: other((call) => ({ short_description: getText(call, "short_description") })),
  setChatMenuButton: other(() => true),
  getChatMenuButton: other(() => ({ type: "commands" })),

  getFile: other(({ world, params }): File => {
    const id = params.text("file_id") ?? "";
    if (id === "") throw badRequest("file_id not specified");
    const file = world.files.byId(id);
    if (!file) throw badRequest("invalid file_id");
    if (file.size > DOWNLOAD_BYTES) throw badRequest("file is too big");
    if (!world.files.bytes(file)) throw badRequest("wrong file_id or the file is temporarily unavailable");
    return { file_id: file.id, file_unique_id: file.uniqueId, file_size: file.size, file_path: file.path };
  }),
} satisfies Methods;

function scopeKey({ params }: Call): string {
  const { type = "default", chat_id = "", user_id = "" } = params.object("scope") ?? {};
  return `${type}/${chat_id}/${user_id}/${params.text("language_code") ?? ""}`;
}

function readCommand(value: unknown): BotCommand {
  if (!isObject(value)) throw badRequest("can't parse BotCommand: expected an Object");
  const { command, description } = value;
  const name = typeof command === "string" ? command.replace(/^\//, "") : "";
  if (!/^[a-z0-9_]{1,32}$/.test(name)) throw badRequest("BOT_COMMAND_INVALID");
  if (typeof description !== "string" || description === "" || description.length > 256) {
    throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
  }
  return { command: name, description };
}

/** Texts have a key per language; the one without a language is the default. */
function textKey({ params }: Call, field: string): string {
  const language = params.text("language_code");
  return language ? `${field}/${language}` : field;
}

function setText(call: Call, field: string, limit: number): true {
  const { world, params } = call;
  const text = params.text(field) ?? "";
  if (text.length > limit) throw badRequest(`${field} is too long`);
  world.bot.texts[textKey(call, field)] = text;
  keepBot(world.journal, world.bot);
  return true;
}

function getText(call: Call, field: string): string {
  const { texts } = call.world.bot;
  return texts[textKey(call, field)] || texts[field] || "";
}
