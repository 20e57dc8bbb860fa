/** Who wants to know that something happened: an open pane, a waiting test. Costs nothing while nobody listens. */
import type { Chat } from "./chats.ts";
import type { StoredMessage } from "./message.ts";

export type Change =
  | { readonly kind: "message"; readonly message: StoredMessage }
  | { readonly kind: "chat"; readonly chat: Chat }
  | { readonly kind: "typing"; readonly chat: Chat; readonly thread?: number; readonly action: string | undefined }
  | { readonly kind: "draft"; readonly chat: Chat; readonly thread?: number; readonly text: string }
  | {
      readonly kind: "callback";
      readonly chat: Chat;
      readonly person: number;
      readonly query: string;
      readonly answer: CallbackAnswer;
    };

/** What the person sees after pressing a button. */
export interface CallbackAnswer {
  readonly text?: string;
  readonly alert: boolean;
  readonly url?: string;
}

export class Changes {
  readonly #listeners = new Set<(change: Change) => void>();

  /** Calls back on every change until the returned function is called. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(change: Change): void {
    if (this.#listeners.size === 0) return;
    for (const listener of [...this.#listeners]) listener(change);
  }
}
