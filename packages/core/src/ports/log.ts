/** The engine's log: structured, one line a fact, never a secret. */
import type { ChannelLog } from "@switchboard/domain";

export interface Log extends ChannelLog {
  child(fields: Record<string, unknown>): Log;
}

const nothing = () => {};

/** Keeps nothing. */
export const noLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => noLog };
