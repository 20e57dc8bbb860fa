/** Under which addresses other devices find this gateway. */
import type { Reachability } from "@switchboard/protocol";
import { tailscaleName } from "../auth/tailscale.ts";
import { ownAddresses } from "../tls/own-addresses.ts";

/** `env`: where the `tailscale` command is looked for, when visitors of it are let in. */
export async function reachabilityOf(
  gateway: {
    readonly host: string;
    readonly publicUrl?: string | undefined;
    readonly auth?: { readonly tailscale: boolean };
    readonly tls?: { readonly enabled: boolean };
  },
  port: number,
  env: NodeJS.ProcessEnv,
): Promise<Reachability> {
  const { auth, host, publicUrl, tls } = gateway;
  const name = auth?.tailscale ? await tailscaleName(env) : undefined;
  return {
    publicUrl,
    host,
    port,
    tls: tls?.enabled ?? false,
    addresses: ownAddresses(),
    ...(name !== undefined && { tailscaleName: name }),
  };
}
