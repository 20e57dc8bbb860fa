/** What must never be seen, whatever is sent: collected while the attacks run. */
import { holds, isMethod, methodSpec, type Scope } from "@switchboard/protocol";
import type { Heard } from "./line.ts";

export const BREACHES = [
  "the gateway ended",
  "/healthz gave no answer",
  "the client that behaves got no answer",
  "answers to somebody who is not connected",
  "let in who should not be",
  "answers without the scope",
  "secrets told to others",
  "secrets in the log",
  "errors that nobody foresaw",
  "memory that was not given back",
  "handles that were not given back",
] as const;
export type Breach = (typeof BREACHES)[number];

/** Somebody at the other end of a line, as the gateway should see them. */
export interface Visitor {
  /** For the report. */
  readonly who: string;
  /** `undefined`: not connected, and never to be. */
  readonly scopes?: readonly Scope[] | undefined;
  readonly role?: "operator" | "node";
  /** Secrets that are their own. */
  readonly knows?: ReadonlySet<string>;
}

const EXAMPLE_LENGTH = 400;

export class Watch {
  /** None of these may reach anybody but who they belong to. */
  readonly secrets = new Set<string>();
  readonly #found = new Map<Breach, string[]>();
  #frames = 0;

  get frames(): number {
    return this.#frames;
  }

  get found(): ReadonlyMap<Breach, readonly string[]> {
    return this.#found;
  }

  breach(what: Breach, example: string): void {
    const found = this.#found.get(what) ?? [];
    this.#found.set(what, found);
    found.push(example.slice(0, EXAMPLE_LENGTH));
  }

  /** A frame came. `method`: what was asked, when it is an answer. */
  frame(visitor: Visitor, frame: Heard, text: string, method?: string): void {
    this.#frames += 1;
    this.text(text, visitor.who, visitor.knows);
    if (visitor.scopes === undefined) {
      this.#stranger(visitor, frame, text);
      return;
    }
    if (frame.type !== "res" || frame.ok !== true || method === undefined) return;
    if (!mayCall(visitor, method)) {
      const held = visitor.scopes.join(" ") || "no scopes";
      this.breach("answers without the scope", `${visitor.who} (${visitor.role}, ${held}) got ${method}: ${text}`);
    }
  }

  /** Any other text that somebody got. */
  text(
    text: string,
    who: string,
    knows: ReadonlySet<string> = new Set(),
    what: Breach = "secrets told to others",
  ): void {
    for (const secret of this.secrets) {
      if (!knows.has(secret) && text.includes(secret)) {
        const at = text.indexOf(secret);
        this.breach(what, `${who}: …${text.slice(Math.max(0, at - 150), at)}[a secret]…`);
      }
    }
  }

  #stranger({ who }: Visitor, frame: Heard, text: string): void {
    const challenge = frame.type === "event" && frame.event === "connect.challenge";
    const refusal = frame.type === "res" && frame.ok === false;
    if (challenge || refusal) return;
    const letIn = frame.payload?.type === "hello-ok";
    this.breach(letIn ? "let in who should not be" : "answers to somebody who is not connected", `${who}: ${text}`);
  }
}

/** Computed from the protocol's map. */
function mayCall({ role = "operator", scopes = [] }: Visitor, method: string): boolean {
  if (method === "connect") return true;
  if (!isMethod(method)) return false;
  const spec = methodSpec(method);
  if (spec.role !== "any" && spec.role !== role) return false;
  return (
    spec.scope === null || holds(scopes, spec.scope) || (spec.orScope !== undefined && holds(scopes, spec.orScope))
  );
}
