/** One request at `/auth`, and how the sign-in library is asked on its behalf. */
import type { IncomingMessage } from "node:http";
import { SwitchboardError } from "@switchboard/domain";
import type { Static, TSchema } from "@switchboard/domain/schema";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Guessing } from "./guessing.ts";
import type { People, Surroundings } from "./people.ts";
import { PEER_HEADER, type SignedIn, type SignInLibrary } from "./sign-in-library.ts";

export interface Visit {
  readonly request: IncomingMessage;
  readonly root: string;
  readonly library: SignInLibrary;
  /** What the library is told of the request: its cookies, its origin, where it comes from; nothing else. */
  headers(): Headers;
  /** @throws REQ_005. */
  signedIn(): Promise<SignedIn>;
  /** For what decides how one signs in: a session that was left open or stolen does not do. @throws REQ_005, SEC_003. */
  signedInLately(): Promise<SignedIn>;
}

const LATELY_MS = 3_600_000;

export interface AuthContext {
  readonly people: People;
  readonly guessing: Guessing;
  /** A route that changes something: from one of our own pages only, with a JSON body of this form. */
  post<S extends TSchema>(
    path: string,
    body: S,
    work: (visit: Visit, body: Static<S>, reply: FastifyReply) => Promise<unknown>,
  ): void;
  get(path: string, work: (visit: Visit, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>): void;
}

/** @throws CFG_001 when the gateway's own address is not sure. */
export async function visitOf(
  people: People,
  { rootOf }: Surroundings,
  guessing: Guessing,
  request: IncomingMessage,
): Promise<Visit> {
  const root = rootOf(request);
  if (root === undefined) {
    throw new SwitchboardError("CFG_001", "It is not sure at which address the gateway was asked.", {
      action: "Name its public address: gateway.publicUrl.",
    });
  }
  const library = await people.signIn(root);
  const { cookie, "user-agent": agent } = request.headers;
  const signedIn = async () => {
    const found = cookie === undefined ? undefined : await library.sessionOf(cookie);
    if (found) return found;
    throw new SwitchboardError("REQ_005", "You are not signed in.", { action: "Sign in first." });
  };
  return {
    request,
    root,
    library,
    headers: () =>
      new Headers({
        origin: new URL(root).origin,
        [PEER_HEADER]: guessing.addressOf(request),
        ...(cookie !== undefined && { cookie }),
        ...(agent !== undefined && { "user-agent": agent.slice(0, 300) }),
      }),
    signedIn,
    async signedInLately() {
      const found = await signedIn();
      // By the library's clock, which is the machine's.
      if (found.since > Date.now() - LATELY_MS) return found;
      throw new SwitchboardError("SEC_003", "You signed in too long ago to change how you sign in.", {
        action: "Sign out, sign in again, and do it within an hour.",
      });
    },
  };
}

/** What the library set, for the browser; nothing else of its answer goes out. */
export function passCookies(from: Response, to: FastifyReply): void {
  const cookies = from.headers.getSetCookie();
  if (cookies.length > 0) to.header("set-cookie", cookies);
}

/** @throws What the library said, as one of the error table. */
export async function checkAnswer(answer: Response): Promise<void> {
  if (answer.status < 400) return;
  const said = (await answer.json().catch(() => ({}))) as { readonly message?: unknown };
  const message = typeof said.message === "string" ? `${said.message}.`.replace(/\.\.$/, ".") : undefined;
  if (answer.status >= 500) throw new SwitchboardError("SYS_005", message);
  if (answer.status === 401) {
    throw new SwitchboardError("REQ_005", message, { action: "Check the address and the password." });
  }
  if (answer.status === 403) throw new SwitchboardError("SEC_003", message);
  throw new SwitchboardError("REQ_001", message);
}
