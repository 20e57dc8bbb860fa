/** What the page's own address says: which session is open, and, once, the gateway's token. */
import { isSessionKey } from "../model/session-name.ts";

type Page = Pick<Location, "hash" | "pathname" | "search">;

/**
 * The token in the address's fragment, which is taken out at once: out of the address bar, the history and bookmarks.
 * A fragment is never sent to a server.
 */
export function takeToken(page: Page, history: History): string | undefined {
  const fragment = fragmentOf(page);
  const token = fragment.get("token");
  if (token === null) return undefined;
  fragment.delete("token");
  replaceFragment(page, history, fragment);
  return token === "" ? undefined : token;
}

export function sessionInAddress(page: Page): string | undefined {
  const session = fragmentOf(page).get("session");
  return isSessionKey(session) ? session : undefined;
}

/** `push`: the reader went there, and may go back. */
export function showSession(page: Page, history: History, session: string, how: "push" | "replace"): void {
  const address = `${page.pathname}${page.search}#session=${encodeURIComponent(session)}`;
  if (how === "push") history.pushState(null, "", address);
  else history.replaceState(null, "", address);
}

function fragmentOf({ hash }: Page): URLSearchParams {
  // A plus is a plus: tokens are no forms.
  return new URLSearchParams(hash.slice(1).replaceAll("+", "%2B"));
}

function replaceFragment({ pathname, search }: Page, history: History, fragment: URLSearchParams): void {
  const rest = fragment.toString();
  history.replaceState(null, "", `${pathname}${search}${rest && `#${rest}`}`);
}
