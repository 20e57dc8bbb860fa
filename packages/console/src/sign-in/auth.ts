/** What the page asks of the gateway. */

export interface Session {
  readonly ways: {
    readonly signUp: "open" | "invite" | "closed";
    readonly passkeys: boolean;
    readonly providers: readonly Provider[];
    /** Chains that a wallet may be on; none: wallets do not sign in here. */
    readonly ethereum: readonly number[];
  };
  readonly person?: { readonly name: string; readonly email: string };
  readonly tenant?: string | null;
  readonly tenants?: readonly {
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly suspended: boolean;
  }[];
}

/** Somewhere else to sign in. */
export interface Provider {
  readonly id: string;
  readonly name: string;
}

/** How the person can sign in. */
export interface Credentials {
  readonly password: boolean;
  readonly passkeys: readonly { readonly id: string; readonly name: string }[];
  readonly linked: readonly { readonly id: string; readonly name: string; readonly subject: string }[];
}

/** Relative to the page, so that the gateway may stand behind a proxy's prefix. */
const BASE = "auth";

export async function session(): Promise<Session> {
  return (await read(await fetch(`${BASE}/session`))) as unknown as Session;
}

export async function credentials(): Promise<Credentials> {
  return (await read(await fetch(`${BASE}/credentials`))) as Credentials;
}

/** @throws with words for the person. */
export function ask(path: string, body: object): Promise<Readonly<Record<string, string>>> {
  return askFor(path, body);
}

/** For an answer of that form. @throws with words for the person. */
export async function askFor<T>(path: string, body: object): Promise<T> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(BASE + path, { method: "POST", headers, body: JSON.stringify(body) });
  return (await read(answer)) as T;
}

async function read(answer: Response): Promise<object> {
  const content = await answer.json().catch(() => ({}));
  if (answer.ok) return content;
  const { action, message = "The gateway did not answer." } = content.error ?? {};
  throw new Error(action ? `${message} ${action}` : message);
}
