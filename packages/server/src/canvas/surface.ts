/** The addresses under which a client sees documents. */
import type { SurfaceCaller } from "../ws/index.ts";
import { capabilityPath } from "./addresses.ts";
import { type Capabilities, mayRead } from "./capabilities.ts";
import { CANVAS } from "./listener.ts";

export interface SurfaceUrl {
  readonly url: string;
  /** Unix milliseconds. */
  readonly expiresAt: number;
}

/** `undefined`: the client may not see documents, or the gateway does not know by which address it is reached. */
export function surfaceUrl(
  capabilities: Capabilities,
  caller: SurfaceCaller,
  document?: string,
): SurfaceUrl | undefined {
  const { root } = caller.info;
  if (root === undefined || !mayRead(caller)) return undefined;
  const { expiresAt, token } = capabilities.issue({ surface: CANVAS, document, caller, root });
  return { url: `${root}${capabilityPath(token)}`, expiresAt };
}

/** For `hello-ok`. */
export function surfaceUrls(
  capabilities: Capabilities,
  caller: SurfaceCaller,
): Readonly<Record<string, string>> | undefined {
  const found = surfaceUrl(capabilities, caller);
  return found && { [CANVAS]: found.url };
}
