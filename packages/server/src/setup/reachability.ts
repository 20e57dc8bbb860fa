/** Under which addresses other devices find this gateway. */
import type { Reachability } from "@switchboard/protocol";
import { ownAddresses } from "../tls/own-addresses.ts";

export function reachabilityOf(
  gateway: {
    readonly host: string;
    readonly publicUrl?: string | undefined;
    readonly tls?: { readonly enabled: boolean };
  },
  port: number,
): Reachability {
  const { host, publicUrl, tls } = gateway;
  return { publicUrl, host, port, tls: tls?.enabled ?? false, addresses: ownAddresses() };
}
