/** What can happen in a world, for those who want to know: an open pane, a waiting test. */
import type { Chat, StoredMessage } from "./chats.ts";

export type Change =
  | { readonly kind: "message"; readonly message: StoredMessage }
  | { readonly kind: "chat"; readonly chat: Chat }
  | { readonly kind: "typing"; readonly chat: Chat; readonly thread?: string; readonly action: string | undefined }
  | { readonly kind: "draft"; readonly chat: Chat; readonly thread?: string; readonly text: string }
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
