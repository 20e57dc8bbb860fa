/** What must never be seen, whatever is sent: collected while the attacks run. */
import { ERRORS, matches } from "@switchboard/domain";
import { GATEWAY_ERRORS, holds, isMethod, type MethodSpec, methodSpec, type Scope } from "@switchboard/protocol";
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
  "error codes that nobody knows",
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

/** A request that is under way. */
export interface Question {
  readonly method: string;
  readonly params?: unknown;
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

  /** A frame came. `question`: what was asked, when it is an answer. */
  frame(visitor: Visitor, frame: Heard, text: string, question?: Question): void {
    this.#frames += 1;
    this.text(text, visitor.who, visitor.knows);
    if (frame.type === "res" && frame.ok === false) this.#refusal(visitor, frame, text);
    if (visitor.scopes === undefined) {
      this.#stranger(visitor, frame, text);
      return;
    }
    if (frame.type !== "res" || frame.ok !== true || question === undefined) return;
    if (!mayCall(visitor, question)) {
      const held = visitor.scopes.join(" ") || "no scopes";
      const asked = `${question.method} ${JSON.stringify(question.params)?.slice(0, 100)}`;
      this.breach("answers without the scope", `${visitor.who} (${visitor.role}, ${held}) got ${asked}: ${text}`);
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

  #refusal({ who }: Visitor, { error = {} }: Heard, text: string): void {
    const { code, details } = error;
    const own = (details as { readonly code?: unknown } | undefined)?.code;
    const known = (GATEWAY_ERRORS as readonly unknown[]).includes(code);
    const ownKnown = typeof own !== "string" || !OWN_CODE.test(own) || Object.hasOwn(ERRORS, own);
    if (!known || !ownKnown) this.breach("error codes that nobody knows", `${who}: ${text}`);
  }

  #stranger({ who }: Visitor, frame: Heard, text: string): void {
    const challenge = frame.type === "event" && frame.event === "connect.challenge";
    const refusal = frame.type === "res" && frame.ok === false;
    if (challenge || refusal) return;
    const letIn = frame.payload?.type === "hello-ok";
    this.breach(letIn ? "let in who should not be" : "answers to somebody who is not connected", `${who}: ${text}`);
  }
}

/** One of the gateway's own, e.g. `REQ_001`. */
const OWN_CODE = /^[A-Z]+_\d{3}$/;

/** Computed from the protocol's map. */
function mayCall({ role = "operator", scopes = [] }: Visitor, { method, params }: Question): boolean {
  if (method === "connect") return true;
  if (!isMethod(method)) return false;
  const spec = methodSpec(method);
  if (spec.role !== "any" && spec.role !== role) return false;
  const further = (spec.alsoScopes ?? []).filter((rule) => applies(rule, params));
  return (
    (spec.scope === null || holds(scopes, spec.scope) || (spec.orScope !== undefined && holds(scopes, spec.orScope))) &&
    further.every((rule) => holds(scopes, rule.scope))
  );
}

function applies(rule: NonNullable<MethodSpec["alsoScopes"]>[number], params: unknown): boolean {
  return "when" in rule ? matches(rule.when, params ?? {}) : !matches(rule.unless, params ?? {});
}
