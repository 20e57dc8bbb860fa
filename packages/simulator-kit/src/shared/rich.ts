/** Formatted text as the pane shows it, whatever markup the platform has. Types only. */

/** Plain text, or something around more of it. */
export type RichNode = string | RichElement;

export interface RichElement {
  readonly is: RichKind;
  readonly children?: readonly RichNode[];
  /** Of `link`. Only web, mail and telephone addresses become links. */
  readonly url?: string;
  /** Of `pre`. */
  readonly language?: string;
  /** Of `command`: what pressing it says. */
  readonly says?: string;
}

export type RichKind =
  | "bold"
  | "italic"
  | "underline"
  | "strike"
  | "code"
  /** A block of code. */
  | "pre"
  | "quote"
  /** A quote that shows its beginning until it is opened. */
  | "folded"
  /** Hidden until it is pressed. */
  | "spoiler"
  | "link"
  | "command"
  /** Somebody's name, a channel, a hashtag. */
  | "mention"
  | "heading"
  /** Of `item`s. */
  | "list"
  | "numbered"
  | "item"
  /** Of `row`s of `cell`s. */
  | "table"
  | "row"
  | "cell"
  /** Small and soft, as notes below a message are. */
  | "small"
  | "paragraph"
  | "rule";
