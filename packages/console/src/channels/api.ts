/** What the page asks of the REST API. Relative to the page, so that the gateway may stand behind a proxy's prefix. */
const BASE = "api/v1";

export interface Me {
  readonly kind: "person" | "key" | "operator";
  readonly tenant: string;
  readonly role: string;
  readonly scopes: readonly string[];
}

/** A property of what an account logs in with. */
export interface Property {
  readonly type?: string;
  readonly description?: string;
}

export interface KnownChannel {
  readonly channel: string;
  readonly label: string;
  readonly credential: {
    readonly schema: { readonly properties: Readonly<Record<string, Property>>; readonly required?: readonly string[] };
    readonly secrets: readonly string[];
  };
  readonly login?: { readonly kind: "qr" | "code" | "redirect"; readonly brings: readonly string[] };
}

export interface Account {
  readonly channel: string;
  readonly accountId: string;
  readonly name?: string;
  readonly state?: string;
  readonly source?: string;
  readonly lastError?: string | null;
  readonly note?: string;
}

export interface Login {
  readonly id: string;
  readonly channel: string;
  readonly state: "wait" | "qr" | "code" | "redirect" | "done" | "failed" | "expired" | "cancelled";
  readonly text: string;
  readonly qr?: { readonly image: string };
  readonly url?: string;
  readonly error?: { readonly action: string };
}

/** Nobody is signed in. */
export class Nobody extends Error {}

/** @throws Nobody; else with words for the person. */
export async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(BASE + path, { method, ...(body && { headers, body: JSON.stringify(body) }) });
  const content = await answer.json().catch(() => ({}));
  if (answer.ok) return content as Answer;
  if (answer.status === 401) throw new Nobody();
  const { action, detail = "The gateway did not answer." } = content as { action?: string; detail?: string };
  throw new Error(action ? `${detail} ${action}` : detail);
}

/** Tells of every change of a login until it ends. Returns how to stop listening. */
export function listen({ channel, id }: Login, tell: (login: Login) => void, lost: () => void): () => void {
  const source = new EventSource(`${BASE}/channels/${channel}/login/${id}/events`);
  source.addEventListener("message", ({ data }) => {
    const login = JSON.parse(String(data)) as Login;
    if (hasEnded(login)) source.close();
    tell(login);
  });
  // The browser tries again by itself, unless the login is not there any more.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) lost();
  });
  return () => source.close();
}

export function hasEnded({ state }: Login): boolean {
  return state === "done" || state === "failed" || state === "expired" || state === "cancelled";
}

/** The gateway's own token for a cookie that scripts cannot read. @throws when it is not the token. */
export async function signInWithToken(token: string): Promise<void> {
  const answer = await fetch("session", { method: "POST", headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error("This is not the gateway's token.");
}

/** Whether people sign in here at all. */
export async function hasPeople(): Promise<boolean> {
  return (await fetch("auth/session").catch(() => undefined))?.ok ?? false;
}
