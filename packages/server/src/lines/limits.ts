/** The connection layer's limits: the protocol's figures, each of which a gateway may set otherwise. */
import { LIMITS } from "@switchboard/protocol";

type Figures<T> = { readonly [Key in keyof T]: T[Key] extends number ? number : Figures<T[Key]> };

export type GatewayLimits = Figures<typeof LIMITS>;

export function gatewayLimits(changes: Partial<GatewayLimits> = {}): GatewayLimits {
  return { ...LIMITS, ...changes };
}
