/** Under which addresses other devices find this gateway. */
import { networkInterfaces } from "node:os";
import type { Reachability } from "@switchboard/protocol";

/** This machine's addresses in its networks: IPv4 first, loopback never. */
export function localAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const outside = all.filter(({ internal }) => !internal);
  return [
    ...outside.filter(({ family }) => family === "IPv4"),
    ...outside.filter(({ family }) => family === "IPv6"),
  ].map(({ address }) => address);
}

export function reachabilityOf(
  gateway: {
    readonly host: string;
    readonly publicUrl?: string | undefined;
    readonly tls?: { readonly enabled: boolean };
  },
  port: number,
): Reachability {
  const { host, publicUrl, tls } = gateway;
  return { publicUrl, host, port, tls: tls?.enabled ?? false, addresses: localAddresses() };
}
