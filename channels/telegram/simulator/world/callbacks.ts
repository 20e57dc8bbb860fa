/** Pressed buttons that wait for the bot's answer. */
import { randomInt } from "node:crypto";
import type { Pending } from "@switchboard/simulator-kit";
import type { CallbackAnswer } from "./changes.ts";
import type { Chat } from "./chats.ts";

export interface PendingCallback {
  readonly id: string;
  readonly chat: Chat;
  readonly person: number;
  answer?: CallbackAnswer;
}

export type Callbacks = Pending<PendingCallback>;

export function openCallback(callbacks: Callbacks, chat: Chat, person: number): PendingCallback {
  const id = `${randomInt(1, 2 ** 47)}${randomInt(1e5, 1e6)}`;
  const callback: PendingCallback = { id, chat, person };
  callbacks.open(id, callback);
  return callback;
}
