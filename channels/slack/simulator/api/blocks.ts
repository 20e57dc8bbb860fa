/** Blocks, looked at as Slack looks at them: kinds, fields, limits. */
import {
  ACTIONS,
  BLOCKS,
  BUTTON_LABEL,
  BUTTON_VALUE,
  HEADER,
  OPTION_LABEL,
  OPTION_VALUE,
  OPTIONS,
  TABLE_COLUMNS,
  TABLE_ROWS,
  TEXT,
  URL_LENGTH,
} from "../../src/limits.ts";
import type { Block } from "../world/message.ts";
import { invalid } from "./refusal.ts";

type Node = Readonly<Record<string, unknown>>;

/** All text of one message; see `limits.ts` for where it is from. */
const ALL_TEXT = 12_000;
/** Text in all cells of a table. */
const TABLE_TEXT = 10_000;

const fields: Readonly<Record<string, readonly string[]>> = {
  actions: ["elements"],
  context: ["elements"],
  divider: [],
  header: ["text"],
  image: ["image_url", "alt_text", "title", "slack_file"],
  input: ["label", "element", "hint", "optional", "dispatch_action"],
  rich_text: ["elements"],
  section: ["text", "fields", "accessory", "expand"],
  table: ["rows", "column_settings"],
};

/** The blocks of a message. @throws `invalid_blocks_format`, `invalid_blocks`, `msg_blocks_too_long`. */
export function checkBlocks(value: unknown): Block[] {
  if (!Array.isArray(value)) throw invalid("invalid_blocks_format", "must provide an array of blocks");
  const problems: string[] = [];
  const say = (problem: string, pointer: string) => problems.push(`${problem} [json-pointer:${pointer}]`);
  if (value.length > BLOCKS) say(`no more than ${BLOCKS} items allowed`, "/blocks");
  value.forEach((block: unknown, index) => {
    checkBlock(block, `/blocks/${index}`, say);
  });
  if (value.filter((block) => asNode(block).type === "table").length > 1) say("only one table allowed", "/blocks");
  if (problems.length > 0) throw invalid("invalid_blocks", ...problems);
  if (textIn(value) > ALL_TEXT) throw invalid("msg_blocks_too_long", "the blocks hold too much text");
  return value as Block[];
}

type Say = (problem: string, pointer: string) => void;

function checkBlock(value: unknown, at: string, say: Say): void {
  const block = asNode(value);
  const type = String(block.type);
  const known = Object.hasOwn(fields, type) ? fields[type] : undefined;
  if (!known) {
    say(`unsupported type: ${type}`, `${at}/type`);
    return;
  }
  for (const name of Object.keys(block)) {
    if (name !== "type" && name !== "block_id" && !known.includes(name))
      say(`invalid additional property: ${name}`, at);
  }
  switch (type) {
    case "header":
      checkText(block.text, at, HEADER, say, ["plain_text"]);
      break;
    case "section":
      if (block.text === undefined && block.fields === undefined) say("missing required field: text", at);
      if (block.text !== undefined) checkText(block.text, `${at}/text`, TEXT, say);
      break;
    case "context":
      checkList(block.elements, at, 10, say);
      listOf(block.elements).forEach((element, index) => {
        if (element.type !== "image") checkText(element, `${at}/elements/${index}`, TEXT, say);
      });
      break;
    case "actions":
      checkActions(block, at, say);
      break;
    case "rich_text":
      checkList(block.elements, at, 1_000, say);
      listOf(block.elements).forEach((element, index) => {
        checkRich(element, `${at}/elements/${index}`, say);
      });
      break;
    case "table":
      checkTable(block, at, say);
      break;
  }
}

function checkText(value: unknown, at: string, most: number, say: Say, types = ["plain_text", "mrkdwn"]): void {
  const { text, type } = asNode(value);
  if (!types.includes(String(type))) say(`must be of type ${types.join(" or ")}`, at);
  if (typeof text !== "string" || text === "") say("must be more than 0 characters", at);
  else if (text.length > most) say(`must be less than ${most + 1} characters`, at);
}

function checkList(value: unknown, at: string, most: number, say: Say): void {
  if (!Array.isArray(value) || value.length === 0) say("must have at least 1 element", `${at}/elements`);
  else if (value.length > most) say(`no more than ${most} items allowed`, `${at}/elements`);
}

function checkActions(block: Node, at: string, say: Say): void {
  checkList(block.elements, at, ACTIONS, say);
  const seen = new Set<unknown>();
  listOf(block.elements).forEach((element, index) => {
    const place = `${at}/elements/${index}`;
    if (seen.has(element.action_id)) say("action_id must be unique in its block", place);
    seen.add(element.action_id);
    if (element.type === "button") {
      checkText(element.text, place, BUTTON_LABEL, say, ["plain_text"]);
      if (String(element.value ?? "").length > BUTTON_VALUE)
        say(`must be less than ${BUTTON_VALUE + 1} characters`, place);
      if (String(element.url ?? "").length > URL_LENGTH) say(`must be less than ${URL_LENGTH + 1} characters`, place);
      if (element.style !== undefined && element.style !== "primary" && element.style !== "danger")
        say("invalid style", place);
    } else if (element.type === "static_select") {
      const options = listOf(element.options);
      if (options.length === 0 || options.length > OPTIONS) say(`1 to ${OPTIONS} options allowed`, place);
      for (const option of options) {
        checkText(option.text, place, OPTION_LABEL, say, ["plain_text"]);
        const value = String(option.value ?? "");
        if (value === "" || value.length > OPTION_VALUE) say(`value must be 1 to ${OPTION_VALUE} characters`, place);
      }
    } else say(`unsupported type: ${String(element.type)}`, place);
  });
}

const richParts = new Set(["rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"]);
const richFields = new Set(["type", "elements", "style", "indent", "offset", "border", "language"]);
const leaves: Readonly<Record<string, readonly string[]>> = {
  text: ["text", "style"],
  link: ["url", "text", "style", "unsafe"],
  user: ["user_id", "style"],
  channel: ["channel_id", "style"],
  usergroup: ["usergroup_id", "style"],
  broadcast: ["range", "style"],
  emoji: ["name", "unicode", "style"],
  date: ["timestamp", "format", "url", "fallback", "style"],
};

function checkRich(element: Node, at: string, say: Say): void {
  if (!richParts.has(String(element.type))) {
    say(`unsupported type: ${String(element.type)}`, at);
    return;
  }
  for (const name of Object.keys(element)) if (!richFields.has(name)) say(`invalid additional property: ${name}`, at);
  checkList(element.elements, at, 1_000, say);
  if (element.type === "rich_text_list") {
    if (element.style !== "bullet" && element.style !== "ordered") say("invalid style", at);
    if (Number(element.indent ?? 0) > 8) say("indent must be at most 8", at);
    listOf(element.elements).forEach((item, index) => {
      if (item.type !== "rich_text_section") say("must be a rich_text_section", `${at}/elements/${index}`);
      else checkRich(item, `${at}/elements/${index}`, say);
    });
    return;
  }
  listOf(element.elements).forEach((leaf, index) => {
    checkLeaf(leaf, `${at}/elements/${index}`, say);
  });
}

function checkLeaf(leaf: Node, at: string, say: Say): void {
  const type = String(leaf.type);
  const known = Object.hasOwn(leaves, type) ? leaves[type] : undefined;
  if (!known) {
    say(`unsupported type: ${type}`, at);
    return;
  }
  for (const name of Object.keys(leaf)) {
    if (name !== "type" && !known.includes(name)) say(`invalid additional property: ${name}`, at);
  }
  if (type === "text" && (typeof leaf.text !== "string" || leaf.text === "")) say("must be more than 0 characters", at);
  if (type === "text" && String(leaf.text).length > TEXT) say(`must be less than ${TEXT + 1} characters`, at);
  if (type === "link" && !/^(https?:\/\/|mailto:)\S+$/i.test(String(leaf.url))) say("invalid url", at);
}

function checkTable(block: Node, at: string, say: Say): void {
  const rows = Array.isArray(block.rows) ? block.rows : [];
  if (rows.length === 0 || rows.length > TABLE_ROWS) say(`1 to ${TABLE_ROWS} rows allowed`, `${at}/rows`);
  const width = listOf(rows[0]).length;
  if (width === 0 || width > TABLE_COLUMNS) say(`1 to ${TABLE_COLUMNS} cells allowed`, `${at}/rows/0`);
  rows.forEach((row: unknown, index) => {
    const cells = listOf(row);
    if (cells.length !== width) say("all rows must have as many cells", `${at}/rows/${index}`);
    cells.forEach((cell, column) => {
      const place = `${at}/rows/${index}/${column}`;
      if (cell.type === "raw_text") {
        if (typeof cell.text !== "string" || cell.text === "") say("must be more than 0 characters", place);
      } else if (cell.type === "rich_text") checkBlock(cell, place, say);
      else say(`unsupported type: ${String(cell.type)}`, place);
    });
  });
  if (textIn(rows) > TABLE_TEXT) say(`no more than ${TABLE_TEXT} characters allowed`, `${at}/rows`);
}

function textIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + textIn(each), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, each]) => sum + (name === "text" && typeof each === "string" ? each.length : textIn(each)),
    0,
  );
}

function asNode(value: unknown): Node {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : {};
}

function listOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.map(asNode) : [];
}
