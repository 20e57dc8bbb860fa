/** Whether browsers allow passkeys at one of the gateway's own addresses: at a name with TLS, and at localhost. */
import { isIP } from "node:net";

export function mayHavePasskeys(root: string): boolean {
  const { hostname, protocol } = new URL(root);
  if (hostname === "localhost") return true;
  return protocol === "https:" && isIP(hostname.replace(/^\[(.*)\]$/, "$1")) === 0;
}
