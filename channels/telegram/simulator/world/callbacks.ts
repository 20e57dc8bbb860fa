/** Pressed buttons that wait for the bot's answer. */
import { randomInt } from "node:crypto";
import type { CallbackAnswer } from "./changes.ts";
import type { Chat } from "./chats.ts";

export interface PendingCallback {
  readonly id: string;
  readonly chat: Chat;
  readonly person: number;
  readonly at: number;
  answer?: CallbackAnswer;
}

/** More than this many are not remembered; the oldest are then too old to be answered. */
const MOST = 10_000;

export class Callbacks {
  readonly #validMs: number;
  readonly #pending = new Map<string, PendingCallback>();

  constructor(validMs: number) {
    this.#validMs = validMs;
  }

  open(chat: Chat, person: number): PendingCallback {
    const id = `${randomInt(1, 2 ** 47)}${randomInt(1e5, 1e6)}`;
    const callback: PendingCallback = { id, chat, person, at: Date.now() };
    this.#pending.set(id, callback);
    if (this.#pending.size > MOST) {
      const [oldest] = this.#pending.keys();
      if (oldest !== undefined) this.#pending.delete(oldest);
    }
    return callback;
  }

  /** A callback that may still be answered. */
  find(id: string): PendingCallback | undefined {
    const callback = this.#pending.get(id);
    if (!callback || Date.now() - callback.at > this.#validMs) return undefined;
    return callback;
  }
}
