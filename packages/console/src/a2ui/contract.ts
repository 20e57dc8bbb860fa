/**
 * What native apps and documents expect of an A2UI page, as names on `globalThis`. The names are the gateway protocol's:
 * an app asks whether `openclawA2UI.applyMessages` is there, hands it messages, and shows its answer as JSON.
 */

/** Set by the page. Answers at once: apps read the answer in the same breath, and a promise would be `{}` to them. */
export interface A2uiPage {
  /** @throws when these are no messages of the version that this page draws. */
  applyMessages(messages: unknown): { readonly ok: true; readonly surfaces: readonly string[] };
  reset(): { readonly ok: true };
  getSurfaces(): readonly string[];
}

/** Somebody pressed something. */
export interface UserAction {
  readonly id: string;
  readonly name: string;
  readonly surfaceId: string;
  readonly sourceComponentId: string;
  /** ISO 8601. */
  readonly timestamp: string;
  /** What the component was told to send along, with the data's present values. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** How an app says what became of an action. */
export const STATUS_EVENT = "openclaw:a2ui-action-status";
export interface ActionStatus {
  readonly id: string;
  readonly ok: boolean;
  readonly error?: string;
}

/** Set by a document before the page's script runs. */
interface Boot {
  readonly messages?: unknown;
  /** `prompt`: what is pressed is said in the conversation; else it only becomes state. */
  readonly actionTier?: "prompt" | "state";
}

/** A native view's way out. */
interface Handler {
  postMessage(message: unknown): void;
}

/** Set by whoever shows a document. */
interface Board {
  readonly state?: { emit?(event: unknown): unknown };
  readonly prompt?: { send?(text: string): unknown };
}

/** Everything of it may be missing. */
export interface Surroundings {
  openclawA2UI?: A2uiPage;
  __openclawLastA2UIAction?: UserAction;
  readonly openclawA2UIBoot?: Boot;
  readonly openclaw?: Board;
  /** Apple's views take objects. */
  readonly webkit?: { readonly messageHandlers?: { readonly openclawCanvasA2UIAction?: Handler } };
  /** Android's views take strings. */
  readonly openclawCanvasA2UIAction?: Handler;
}

export const surroundings = globalThis as unknown as Surroundings;
