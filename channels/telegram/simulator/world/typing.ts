/** "The bot is typing": for five seconds, or until it says something. */
import type { Changes } from "./changes.ts";
import type { Chat } from "./chats.ts";

/** How long a chat action is visible, in milliseconds. */
export const TYPING_MS = 5000;

interface Action {
  readonly action: string;
  readonly until: number;
  readonly thread: number | undefined;
}

export class Typing {
  readonly #changes: Changes;
  readonly #actions = new Map<Chat, Action>();

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  start(chat: Chat, action: string, thread: number | undefined): void {
    this.#actions.set(chat, { action, until: Date.now() + TYPING_MS, thread });
    this.#changes.tell({ kind: "typing", chat, action, ...(thread !== undefined && { thread }) });
  }

  /** Called when a message of the bot arrives there. */
  stop(chat: Chat): void {
    const action = this.#actions.get(chat);
    if (!action) return;
    this.#actions.delete(chat);
    const { thread } = action;
    this.#changes.tell({ kind: "typing", chat, action: undefined, ...(thread !== undefined && { thread }) });
  }

  /** Where an action is visible right now. */
  chats(): Chat[] {
    const now = Date.now();
    for (const [chat, { until }] of this.#actions) if (until <= now) this.#actions.delete(chat);
    return [...this.#actions.keys()];
  }
}
