/** "Is typing": for some seconds, or until something is said. */
export interface Shown<Chat> {
  readonly chat: Chat;
  readonly thread?: string;
  /** What is being done, in the platform's words; `undefined`: no longer. */
  readonly action: string | undefined;
}

interface Action {
  readonly until: number;
  readonly thread: string | undefined;
}

export class Typing<Chat> {
  readonly #ms: number;
  readonly #tell: (shown: Shown<Chat>) => void;
  readonly #actions = new Map<Chat, Action>();

  /** `ms`: how long typing is visible. `tell` hears of every beginning and of every early end. */
  constructor(ms: number, tell: (shown: Shown<Chat>) => void) {
    this.#ms = ms;
    this.#tell = tell;
  }

  start(chat: Chat, action = "typing", thread?: string): void {
    this.#actions.set(chat, { until: Date.now() + this.#ms, thread });
    this.#tell({ chat, action, ...(thread !== undefined && { thread }) });
  }

  /** Called when the account says something there. */
  stop(chat: Chat): void {
    const action = this.#actions.get(chat);
    if (!action) return;
    this.#actions.delete(chat);
    const { thread } = action;
    this.#tell({ chat, action: undefined, ...(thread !== undefined && { thread }) });
  }

  /** Where it is visible right now. */
  chats(): Chat[] {
    const now = Date.now();
    for (const [chat, { until }] of this.#actions) if (until <= now) this.#actions.delete(chat);
    return [...this.#actions.keys()];
  }
}
