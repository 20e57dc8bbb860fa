/** The wire version and who may speak which. */

export const PROTOCOL_VERSION = 4;
/** What a node host may still speak. */
export const OLDEST_NODE_PROTOCOL = 3;
/** What a client that only asks whether someone is there may speak. */
export const OLDEST_PROBE_PROTOCOL = 3;

export interface OfferedProtocol {
  readonly minProtocol: number;
  readonly maxProtocol: number;
  readonly role: string;
  readonly mode: string;
}

/** Whether a client's range of versions can be served. */
export function acceptsProtocol({ minProtocol, maxProtocol, role, mode }: OfferedProtocol): boolean {
  const offers = (oldest: number, newest: number) => maxProtocol >= oldest && minProtocol <= newest;
  if (offers(PROTOCOL_VERSION, PROTOCOL_VERSION)) return true;
  if (mode === "probe") return offers(OLDEST_PROBE_PROTOCOL, PROTOCOL_VERSION);
  return role === "node" && mode === "node" && offers(OLDEST_NODE_PROTOCOL, OLDEST_NODE_PROTOCOL);
}
