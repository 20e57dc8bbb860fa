/** The page's line to the gateway that served it. */
import { type ClientState, GatewayClient, ownGatewayAddress } from "@switchboard/client";
import type { HelloOk, Scope } from "@switchboard/protocol";
import { CLIENT_IDS } from "@switchboard/protocol";
import { Signal } from "../../shared/signal.ts";

/** The gateway grants what it may of these: a page opened elsewhere gets no admin. */
const SCOPES: readonly Scope[] = ["operator.read", "operator.write", "operator.admin"];
/** A person is waiting: sooner than programs would. */
const RECONNECT = { minMs: 400, maxMs: 8_000, stableMs: 5_000 } as const;

export class Gateway {
  readonly client: GatewayClient;
  readonly state: Signal<ClientState>;
  /** What the gateway said at the newest handshake; kept while the line is broken. */
  readonly hello = new Signal<HelloOk | undefined>(undefined);

  /** Looks at the page's origin only, never at the rest of its address (CVE-2026-25253). */
  constructor(page: Location) {
    this.client = new GatewayClient({
      url: ownGatewayAddress(page),
      client: { id: CLIENT_IDS.webchat, version: "0.1.0", platform: "web", mode: "webchat", ...timeZone() },
      scopes: SCOPES,
      caps: ["session-scoped-events", "tool-events"],
      reconnect: RECONNECT,
    });
    this.state = new Signal(this.client.state);
    this.client.onState((state) => this.state.set(state));
    this.client.onHello((hello) => this.hello.set(hello));
  }

  /** Connects, or tries again at once. */
  connect(): void {
    // How it went is in `state`.
    this.client.connect().catch(() => {});
  }

  get isConnected(): boolean {
    return this.state.get().name === "connected";
  }
}

function timeZone(): { timeZone?: string } {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone ? { timeZone: zone } : {};
}
