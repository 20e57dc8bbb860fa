/**
 * What Slack takes, from its reference (docs.slack.dev/reference/block-kit, …/methods/chat.postMessage). Lengths are
 * UTF-16 units.
 */
const MB = 1024 * 1024;

/** Blocks of one message. */
export const BLOCKS = 50;
/** One text object. */
export const TEXT = 3_000;
export const HEADER = 150;
/**
 * All text of one message's blocks. Slack documents 12,000 for Markdown blocks and refuses about 13,200 with
 * `msg_blocks_too_long`, containers included (slackapi/bolt-js#2509, #2867 saw it below 12,000).
 */
export const MESSAGE = 8_000;
/** `text` beside blocks is for notifications; Slack advises 4,000 and truncates at 40,000. */
export const FALLBACK = 3_000;

export const BUTTON_LABEL = 75;
export const BUTTON_VALUE = 2_000;
export const URL_LENGTH = 3_000;
export const ACTIONS = 25;
/** The label and the value of an option. */
export const OPTION_LABEL = 75;
export const OPTION_VALUE = 150;
export const OPTIONS = 100;
/** Controls below one message, in four blocks of actions. */
export const BUTTONS = 100;

/** Table block: rows with the head, cells of a row, and text in all cells together. One table a message. */
export const TABLE_ROWS = 100;
export const TABLE_COLUMNS = 20;
export const TABLE_TEXT = 6_000;
/** Deepest indent of a list in rich text. */
export const LIST_INDENT = 8;

/** Slack takes files up to 1 GB; they go through memory nowhere. */
export const FILE_BYTES = 1024 * MB;
/** Title of a view. */
export const VIEW_TITLE = 24;
