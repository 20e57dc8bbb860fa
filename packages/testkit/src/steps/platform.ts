/** The other side of the channel that logs in by steps: one phone, which the test holds. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type JsonObject, parseJsonObject } from "@switchboard/domain";

export interface StepsPlatform extends AsyncDisposable {
  /** For `STEPS_BASE_URL`. */
  readonly url: string;
  /** The logins that were begun, the newest last. */
  readonly begun: readonly string[];
  /** Another QR code takes the place of the one that is shown. */
  refresh(): void;
  /** A phone scans the newest login's QR code; with `code`, that has to be typed as well. Default a phone of its own. */
  scan(options?: { readonly code?: string; readonly phone?: string }): void;
  /** Tokens that are good, and whose phone's they are. */
  readonly tokens: ReadonlyMap<string, string>;
  /** The phone ends them all. */
  revoke(): void;
}

interface Login {
  qr: string;
  phone: string;
  code?: string;
  token?: string;
}

export async function startStepsPlatform(): Promise<StepsPlatform> {
  const logins = new Map<string, Login>();
  const tokens = new Map<string, string>();
  const newQr = () => `steps:${randomBytes(16).toString("hex")}`;
  const newest = () => {
    const login = [...logins.values()].at(-1);
    if (!login) throw new Error("no login was begun");
    return login;
  };
  const letIn = (login: Login) => {
    login.token = randomBytes(16).toString("hex");
    tokens.set(login.token, login.phone);
  };
  const answer = (path: string, { code, login: id, token }: JsonObject): JsonObject | undefined => {
    if (path === "/me") return tokens.has(String(token)) ? { phone: tokens.get(String(token)) } : undefined;
    if (path === "/logout") return tokens.delete(String(token)) ? {} : undefined;
    if (path === "/begin") {
      const login = randomBytes(8).toString("hex");
      logins.set(login, { qr: newQr(), phone: login });
      return { login };
    }
    const login = logins.get(String(id));
    if (!login) return undefined;
    if (path === "/code" && login.code === code) letIn(login);
    return login.token === undefined
      ? { qr: login.qr, asks: login.code !== undefined }
      : { token: login.token, phone: login.phone };
  };
  const server = createServer(async (request, response) => {
    const said = answer(request.url ?? "", parseJsonObject(await textOf(request)) as JsonObject);
    response.writeHead(said ? 200 : 401).end(JSON.stringify(said ?? {}));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get begun() {
      return [...logins.keys()];
    },
    tokens,
    refresh() {
      newest().qr = newQr();
    },
    scan({ code, phone } = {}) {
      const login = newest();
      login.phone = phone ?? login.phone;
      if (code === undefined) letIn(login);
      else login.code = code;
    },
    revoke: () => tokens.clear(),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
