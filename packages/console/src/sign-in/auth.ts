/** What the page asks of the gateway. */

export interface Session {
  readonly ways: { readonly signUp: "open" | "invite" | "closed" };
  readonly person?: { readonly name: string; readonly email: string };
  readonly tenant?: string | null;
  readonly tenants?: readonly {
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly suspended: boolean;
  }[];
}

/** Relative to the page, so that the gateway may stand behind a proxy's prefix. */
const BASE = "auth";

export async function session(): Promise<Session> {
  return (await read(await fetch(`${BASE}/session`))) as unknown as Session;
}

/** @throws with words for the person. */
export async function ask(path: string, body: object): Promise<Readonly<Record<string, string>>> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(BASE + path, { method: "POST", headers, body: JSON.stringify(body) });
  return (await read(answer)) as Readonly<Record<string, string>>;
}

async function read(answer: Response): Promise<object> {
  const content = await answer.json().catch(() => ({}));
  if (answer.ok) return content;
  const { action, message = "The gateway did not answer." } = content.error ?? {};
  throw new Error(action ? `${message} ${action}` : message);
}
