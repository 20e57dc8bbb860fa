/** One call to the Graph API as its addresses get it. */
import type { IncomingMessage } from "node:http";
import type { World } from "../world.ts";

export interface Call {
  readonly world: World;
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly id: string;
  readonly edge: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}
