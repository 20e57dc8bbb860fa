/** What is said in a workspace. */

export interface Message {
  readonly channel: string;
  /** Unique in the workspace, and what it is ordered by. */
  readonly ts: string;
  readonly thread?: string;
  /** Of a person or of the bot. */
  readonly user: string;
  readonly fromBot: boolean;
  /** Slack's markup. */
  text: string;
  blocks?: readonly Block[];
  readonly files: readonly string[];
  readonly metadata?: unknown;
  /** The only person who sees it. */
  readonly onlyFor?: string;
  /** Something that happened, e.g. `channel_join`. */
  readonly subtype?: string;
  /** What the app suggests to say there. */
  suggested?: { readonly title?: string; readonly prompts: readonly Prompt[] };
  /** What the app calls the thread that begins with it. */
  title?: string;
  edits: number;
  deleted: boolean;
  /** Who reacted, by the emoji's name. */
  reactions: Readonly<Record<string, readonly string[]>>;
}

export interface Prompt {
  readonly title: string;
  readonly message: string;
}

export type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** Milliseconds. */
export function timeOf({ ts }: Pick<Message, "ts">): number {
  return Math.floor(Number(ts) * 1000);
}
