/** For what makes sense only where people sign in. */
import { SwitchboardError } from "@switchboard/domain";
import type { MethodDeps } from "../methods/deps.ts";
import type { People } from "./people.ts";

/** @throws REQ_002. */
export function peopleOf({ people }: Pick<MethodDeps, "people">): People {
  if (people) return people;
  throw new SwitchboardError("REQ_002", "This gateway has no people and tenants.", {
    action: "Set identity.enabled in the configuration and start it again.",
  });
}

/** Where an invitation's link leads. By the configuration alone: what a request says of the host counts nothing. */
export function linkFor(
  { port, settings }: Pick<MethodDeps, "settings" | "port">,
  what: string,
  secret: string,
): string {
  const { publicUrl, port: configured, tls } = settings.config.gateway;
  const own = `${tls.enabled ? "https" : "http"}://localhost:${port() ?? configured}`;
  // After the hash: it is neither sent nor logged anywhere.
  return `${(publicUrl ?? own).replace(/\/+$/, "")}/sign-in#${what}=${secret}`;
}
