/** Logs the visitor in to WebChat: the token stays here, their browser gets the cookie the gateway makes from it. */
import { SwitchboardError } from "@switchboard/domain";
import type { GatewayHandle } from "./gateway-handle.ts";

const TIMEOUT_MS = 5_000;

export interface WebchatSession {
  readonly url: string;
  /** `Set-Cookie` values. Cookies know no ports, so what this server sets the gateway on this host is sent. */
  readonly cookies: readonly string[];
}

/** @throws SYS_004 when the gateway does not answer, CONN_002 when it does not take the token. */
export async function webchatSession(gateway: GatewayHandle): Promise<WebchatSession> {
  const url = gateway.url();
  if (url === undefined || gateway.state() !== "running") throw new SwitchboardError("SYS_004");
  let response: Response;
  try {
    response = await fetch(new URL("/session", url), {
      method: "POST",
      headers: { authorization: `Bearer ${gateway.token}` },
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    throw new SwitchboardError("SYS_004", undefined, { cause: error });
  }
  if (!response.ok) throw new SwitchboardError("CONN_002", `The gateway refused the token (${response.status}).`);
  return { url: new URL("/chat", url).href, cookies: response.headers.getSetCookie() };
}
