/** A browser as far as signing in goes: keeps cookies, names the page it is on. */
export class Visitor {
  readonly #jar = new Map<string, string>();
  readonly #base: () => string;
  /** The page it is on; `undefined`: it names none. */
  origin: string | undefined;

  constructor(base: () => string) {
    this.#base = base;
    this.origin = new URL(base()).origin;
  }

  get cookie(): string {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  set cookie(header: string) {
    this.#jar.clear();
    for (const each of header.split("; ").filter((part) => part !== "")) {
      const [name = "", ...value] = each.split("=");
      this.#jar.set(name, value.join("="));
    }
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.#jar.size > 0) headers.set("cookie", this.cookie);
    if (this.origin !== undefined && init.method !== undefined && !headers.has("origin")) {
      headers.set("origin", this.origin);
    }
    const answer = await fetch(this.#base() + path, { redirect: "manual", ...init, headers });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = ""] = set.split(";");
      const [name = "", ...value] = pair.split("=");
      if (/max-age=0/i.test(set)) this.#jar.delete(name);
      else this.#jar.set(name, value.join("="));
    }
    return answer;
  }

  async post(path: string, body: unknown = {}): Promise<{ status: number; body: Answer; headers: Headers }> {
    return this.send("POST", path, body);
  }

  async send(method: string, path: string, body?: unknown) {
    const answer = await this.fetch(path, {
      method,
      ...(body !== undefined && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Answer, headers: answer.headers };
  }

  async get(path: string): Promise<{ status: number; body: Answer }> {
    const answer = await this.fetch(path);
    return { status: answer.status, body: (await answer.json().catch(() => ({}))) as Answer };
  }
}

/** What came back, read by whoever knows what it should be. */

export type Answer = Record<string, unknown>;
