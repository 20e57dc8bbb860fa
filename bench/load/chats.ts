/** People who chat: each writes, waits for the answer and writes again. Every answer is checked. */
import { HttpLine, postRequest } from "../http/line.ts";
import type { Platform } from "../platform/bot-api.ts";
import type { Conversing } from "./conversing.ts";
import { inTurn, type Receiver } from "./receivers.ts";
import { directUpdate, textOf } from "./updates.ts";

/** No bot has such a number: what a bot seems to say itself is ignored. */
const FIRST_CHAT = 1_000_000;
/** An answer that takes longer is lost. */
const PATIENCE_MS = 30_000;

interface Waiting {
  readonly text: string;
  readonly answered: () => void;
}

export class Chats implements Conversing {
  readonly #receivers: readonly Receiver[];
  readonly #lines: readonly HttpLine[];
  readonly #platform: Platform;
  readonly #waiting = new Map<number, Waiting>();
  readonly #firstChat: number;
  #said = 0;

  private constructor(
    platform: Platform,
    receivers: readonly Receiver[],
    lines: readonly HttpLine[],
    firstChat: number,
  ) {
    this.#platform = platform;
    this.#receivers = receivers;
    this.#lines = lines;
    this.#firstChat = firstChat;
  }

  /** Opens a connection for each chat. The messages of a chat go to the receivers in turn. */
  static async open(
    platform: Platform,
    receivers: readonly [Receiver, ...Receiver[]],
    count: number,
    firstChat = FIRST_CHAT,
  ): Promise<Chats> {
    const [{ port }] = receivers;
    const lines = await Promise.all(Array.from({ length: count }, () => HttpLine.open(port)));
    return new Chats(platform, receivers, lines, firstChat);
  }

  listen(): void {
    this.#platform.onSend = (chat, text) => {
      const waiting = this.#waiting.get(chat);
      if (!waiting || !text.startsWith(waiting.text)) {
        throw new Error(`Chat ${chat} was told what nobody waits for: ${text.slice(0, 100)}`);
      }
      this.#waiting.delete(chat);
      waiting.answered();
    };
  }

  get count(): number {
    return this.#lines.length;
  }

  /**
   * Says something in a chat. Resolves when the update was acknowledged and answered, with the milliseconds from
   * sending it to the arrival of the answer at the platform.
   */
  say(index: number): Promise<number> {
    const { promise, reject, resolve } = Promise.withResolvers<number>();
    const chat = this.#firstChat + index;
    const text = textOf(++this.#said);
    let missing = 2;
    let latency = 0;
    const timer = setTimeout(() => reject(new Error(`Chat ${chat} got no answer.`)), PATIENCE_MS);
    const done = () => {
      if (--missing > 0) return;
      clearTimeout(timer);
      resolve(latency);
    };
    const body = directUpdate(chat, text);
    const { headers, path } = inTurn(this.#receivers, this.#said);
    const request = postRequest(path, body, headers);
    const startedAt = performance.now();
    const answered = () => {
      latency = performance.now() - startedAt;
      done();
    };
    this.#waiting.set(chat, { text, answered });
    this.#lines[index]?.send(request, (status) => {
      if (status === 200) done();
      else reject(new Error(`An update was answered with ${status}.`));
    });
    return promise;
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }
}
