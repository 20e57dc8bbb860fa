/** A method of the Web API. */
import type { CallKind } from "@switchboard/simulator-kit";
import type { World } from "../world/world.ts";
import type { Params } from "./params.ts";

export interface Call {
  readonly world: World;
  readonly params: Params;
}

export interface Method {
  readonly kind: CallKind;
  /** Which token it takes. Default the bot's. */
  readonly token?: "app" | "none";
  /** Any of these is enough. */
  readonly scopes?: readonly string[];
  readonly fields: readonly string[];
  /** What is answered beside `ok: true`. */
  readonly run: (call: Call) => Readonly<Record<string, unknown>>;
}
