/** Figures about connections for whoever watches. Every call is cheap and never throws. */

export interface GatewayTelemetry {
  /** Connections that are through the handshake, now. */
  connections(count: number): void;
  /** A `connect` that was not accepted, by `details.code` or close reason. */
  refused(code: string): void;
  /** The end of a connection by its close code. */
  closed(code: number): void;
  /** One answered request; `outcome` is `ok` or the error's code. */
  request(method: string, outcome: string, ms: number): void;
  /** One event for so many clients. */
  event(event: string, outcome: "sent" | "dropped", clients: number): void;
}

const nothing = () => {};

/** Keeps nothing. */
export const noGatewayTelemetry: GatewayTelemetry = {
  connections: nothing,
  refused: nothing,
  closed: nothing,
  request: nothing,
  event: nothing,
};
