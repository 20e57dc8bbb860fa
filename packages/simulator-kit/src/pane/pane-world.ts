/** What a platform tells the pane. Everything is only worked out while a pane is open. */
import type {
  PaneAction,
  PaneEvent,
  PaneLook,
  PaneMedia,
  PaneMessage,
  PaneResult,
  PaneState,
} from "../shared/protocol.ts";

/** A platform's pane: its looks, and an account's world as the pane sees it. */
export interface Pane<World> {
  readonly look: PaneLook;
  /** The platform's style, read after the kit's: `new URL("./look.css", import.meta.url)`. */
  readonly style: URL;
  readonly of: (world: World) => PaneWorld;
}

/** Throwing an error with a REQ code tells the person; everything a caller gives has been checked for its type. */
export interface PaneWorld {
  state(): Omit<PaneState, "look">;
  /** The newest messages of a chat (sixty, say), or the newest whose `order` is less than `before`; oldest first. */
  messages(chat: string, before?: number): readonly PaneMessage[];
  /** Calls back on every change until the returned function is called. */
  listen(listener: (change: PaneChange) => void): () => void;
  act(action: PaneAction): PaneResult | Promise<PaneResult>;
  /** Sends a file, with a caption if there is one. */
  upload(uploaded: PaneUpload): PaneResult | Promise<PaneResult>;
  file(id: string): PaneFile | undefined;
  /** Called after every action, before it is answered: keeps what changed. */
  flush(): void;
}

export interface PaneChange {
  /** Of several changes with one key within a moment only the last is shown. */
  readonly key: unknown;
  /** Called when it is sent. */
  readonly event: () => PaneEvent;
}

export interface PaneUpload {
  readonly person: string;
  readonly chat: string;
  readonly thread?: string;
  readonly replyTo?: string;
  readonly text: string;
  readonly kind: PaneMedia["kind"];
  readonly name: string;
  /** Empty when the browser does not know. */
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

export interface PaneFile {
  readonly bytes: Uint8Array;
  readonly name?: string;
  readonly mimeType?: string;
  /** To be shown in the page rather than downloaded. */
  readonly shown: boolean;
}
