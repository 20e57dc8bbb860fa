/**
 * Who may ask the simulator. It listens on this machine only, but a browser of this machine goes where other sites lead
 * it: such a page says so in `Origin` or `Sec-Fetch-Site`, and one whose DNS was rebound says it in `Host`.
 */
import type { IncomingMessage } from "node:http";
import { SwitchboardError } from "@switchboard/domain";

/** Throws SEC_003 for a request that was addressed to another host than this machine. */
export function checkHost({ headers: { host }, socket }: IncomingMessage): void {
  const url = host !== undefined && URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  const port = Number(url?.port || 80);
  if (url && port === socket.localPort && /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost|.+\.localhost)$/.test(url.hostname)) {
    return;
  }
  throw new SwitchboardError("SEC_003", "The simulator answers only under this machine's own names and its own port");
}

/**
 * Throws SEC_003 for what another site's page asks. `isPage`: the page itself, which others may link and the sandbox
 * frames. A proxy that serves the page under another name says which in `X-Forwarded-Host`; a foreign page cannot send
 * that without being asked first, which is never answered.
 */
export function checkPage({ headers }: IncomingMessage, isPage: boolean): void {
  const { origin, host, "x-forwarded-host": forwarded, "sec-fetch-site": site } = headers;
  const from = origin !== undefined && URL.canParse(origin) ? new URL(origin) : undefined;
  const isOwn = origin === `http://${host}` || (from !== undefined && from.host !== "" && from.host === forwarded);
  const isForeign = origin !== undefined && !isOwn;
  const isLed = !isPage && site !== undefined && site !== "same-origin" && site !== "none";
  if (isForeign || isLed) throw new SwitchboardError("SEC_003", "Another site's page may not do this");
}
