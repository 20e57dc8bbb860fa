/** What only Node can do: pinned certificates, keys and tokens in files. Browsers do not load it. */
import { GatewayClient } from "../client.ts";
import type { GatewayClientOptions } from "../options.ts";
import { pinnedSocket } from "./pinned-socket.ts";

export { loadOrCreateDeviceIdentity } from "./device-file.ts";
export { pinnedSocket } from "./pinned-socket.ts";
export { fileTokenStore } from "./token-file.ts";

/** A client that can pin the gateway's certificate: see `tlsFingerprint`. @throws REQ_001. */
export function nodeGatewayClient(options: GatewayClientOptions): GatewayClient {
  return new GatewayClient({ pinnedSocket, ...options });
}
