/** The bot's own messages as the gateway told of them, by the nonce that each was sent with. */
import type { MessageId } from "@switchboard/domain";
import { isSnowflake, messageId } from "./ids.ts";

const MOST = 1_000;

export class OwnMessages {
  readonly #byNonce = new Map<string, MessageId>();

  note(data: Readonly<Record<string, unknown>>): void {
    const { id, nonce } = data;
    if (typeof nonce !== "string" || !isSnowflake(id)) return;
    this.#byNonce.set(nonce, messageId(id));
    if (this.#byNonce.size <= MOST) return;
    for (const oldest of [...this.#byNonce.keys()].slice(0, MOST / 10)) this.#byNonce.delete(oldest);
  }

  find(nonce: string): MessageId | undefined {
    return this.#byNonce.get(nonce);
  }
}
