/**
 * Requests that may be repeated under an Idempotency-Key: the first one is done, and whoever asks the same again within
 * a day gets its answer (ADR 58). Answers may hold secrets that are shown once, so they are sealed.
 */
import { createHash, createHmac, randomUUID } from "node:crypto";
import type { Clock } from "@switchboard/core";
import type { AnswerStore, Log, Vault } from "@switchboard/core/ports";
import { type AccountId, type AccountRef, type ChannelId, SwitchboardError, toErrorRecord } from "@switchboard/domain";
import { restStatus } from "@switchboard/protocol/rest";
import { canonical } from "../canonical.ts";
import type { Principal } from "../identity/principal.ts";
import { problemOf } from "./problem.ts";

const KEEP_MS = 86_400_000;
/** Whoever does a request says so three times within this; without a word it has ended. */
const LEASE_MS = 120_000;
const AGAIN_MS = 2_000;
const MOST_BYTES = 64 * 1024;
const MOST_KEYS = 10_000;
/** Who it is, how often, and that somebody went away may be another matter the next time. */
const UNDECIDED = new Set([401, 403, 429, 499]);

export interface KeptAnswersPorts {
  readonly answers: Omit<AnswerStore, "prune">;
  readonly vault: Pick<Vault, "seal" | "open" | "derive">;
  readonly clock: Clock;
  readonly log: Log;
  /** How many keys a tenant may use within a day. */
  readonly most?: number;
}

export interface Asked {
  readonly principal: Pick<Principal, "tenant" | "id">;
  readonly key: string;
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

/** An answer as it goes out. */
export interface Said {
  readonly status: number;
  /** JSON. */
  readonly text: string;
  /** What a browser is told to keep. */
  readonly cookies: readonly string[];
  /** It is the answer to an earlier request. */
  readonly replayed?: true;
}

/** What is written of an answer that cannot be repeated. */
interface Lost {
  readonly status: number;
  readonly lost: keyof typeof WHY;
}

const WHY = {
  large: "it is too large",
  unsealed: "the encryption key was not at hand",
} as const;

export class KeptAnswers {
  readonly #ports: KeptAnswersPorts;

  constructor(ports: KeptAnswersPorts) {
    this.#ports = ports;
  }

  /**
   * Does the work unless it was done. Rejects with what the work rejects with; REQ_006 when the key stands for another
   * request; REQ_004 while it is under way (to be tried again) and when its answer is not kept; SEC_011 when the tenant
   * has no key left; SEC_008 when the answer cannot be opened.
   */
  async once(asked: Asked, work: () => Promise<Said>): Promise<Said> {
    const { answers, clock, most = MOST_KEYS } = this.#ports;
    const { tenant } = asked.principal;
    const [ref, owner, now] = [refOf(asked), randomUUID(), clock.now()];
    const fingerprint = await this.#fingerprint(asked);
    const request = { fingerprint, owner, leaseMs: LEASE_MS, expiresAt: now + KEEP_MS, most, now };
    const begun = await answers.begin(tenant, ref.account, request);
    if (begun.state === "full") throw noneLeft(most, begun.until - now);
    if (begun.state === "begun") return this.#do(ref, owner, work);
    if (fingerprint !== "" && begun.fingerprint !== "" && begun.fingerprint !== fingerprint) {
      throw new SwitchboardError("REQ_006", "This Idempotency-Key stands for another request already.");
    }
    if (begun.state === "running") throw underWay();
    return this.#open(ref, begun.answer);
  }

  async #do(ref: AccountRef, owner: string, work: () => Promise<Said>): Promise<Said> {
    const { answers } = this.#ports;
    const release = () => answers.release(ref.tenant, ref.account, owner);
    const letGo = this.#hold(ref, owner);
    try {
      const said = await work();
      await this.#lastly(async () => answers.finish(ref.tenant, ref.account, owner, await this.#seal(ref, said)));
      return said;
    } catch (thrown) {
      const refusal = thrown instanceof SwitchboardError ? decided(thrown) : undefined;
      await this.#lastly(async () =>
        refusal ? answers.finish(ref.tenant, ref.account, owner, await this.#seal(ref, refusal)) : release(),
      );
      throw thrown;
    } finally {
      letGo();
    }
  }

  /** What was done is answered, whatever becomes of the answer. */
  async #lastly(keep: () => Promise<unknown>): Promise<void> {
    await keep().catch((error: unknown) => {
      const { log } = this.#ports;
      log.error({ error: toErrorRecord(error) }, "an answer could not be kept; its request may be done once more");
    });
  }

  #hold({ account, tenant }: AccountRef, owner: string): () => void {
    const { answers, clock } = this.#ports;
    let end = () => {};
    const next = () => {
      end = clock.after(LEASE_MS / 3, () => {
        // One that fails is made up for by the next.
        answers.hold(tenant, account, owner, clock.now() + LEASE_MS).catch(() => {});
        next();
      });
    };
    next();
    return () => end();
  }

  async #seal(ref: AccountRef, { cookies, status, text }: Said): Promise<string> {
    const lost = (why: Lost["lost"]) => JSON.stringify({ status, lost: why } satisfies Lost);
    if (Buffer.byteLength(text) > MOST_BYTES) return lost("large");
    const secrets = { status: `${status}`, text, cookies: JSON.stringify(cookies) };
    return this.#ports.vault.seal(ref, "answer", secrets).catch(() => lost("unsealed"));
  }

  async #open(ref: AccountRef, answer: string): Promise<Said> {
    if (answer.startsWith("{")) throw gone(JSON.parse(answer) as Lost);
    const { cookies = "[]", status, text = "" } = await this.#ports.vault.open(ref, "answer", answer);
    return { status: Number(status), text, cookies: JSON.parse(cookies) as string[], replayed: true };
  }

  /** Keyed, as a body may be a short secret. Without its key nothing is known of the request. */
  async #fingerprint({ body, method, principal, url }: Asked): Promise<string> {
    const ref = { tenant: principal.tenant, channel: REST, account: "" as AccountId };
    const secret = await this.#ports.vault.derive(ref, "fingerprints").catch(() => undefined);
    const text = canonical([method, url, body ?? null]);
    return secret === undefined ? "" : createHmac("sha256", secret).update(text).digest("base64url");
  }
}

const REST = "rest" as ChannelId;

/** An answer is sealed for its tenant, its caller and its key. */
function refOf({ key, principal }: Asked): AccountRef {
  const id = createHash("sha256")
    .update(JSON.stringify([principal.id, key]))
    .digest("base64url");
  return { tenant: principal.tenant, channel: REST, account: id as AccountId };
}

/** A refusal that the same request would get again; `undefined` for what may go well the next time. */
function decided(error: SwitchboardError): Said | undefined {
  const status = restStatus(error.code);
  if (status >= 500 || UNDECIDED.has(status) || error.retryable) return undefined;
  return { status, text: JSON.stringify(problemOf(error)), cookies: [] };
}

function underWay(): SwitchboardError {
  return new SwitchboardError("REQ_004", "The first request with this Idempotency-Key is still under way.", {
    action: "Send the same request again after as long as Retry-After says.",
    retryable: true,
    retryAfterMs: AGAIN_MS,
  });
}

function gone({ lost, status }: Lost): SwitchboardError {
  const message = `This request was done before, with the status ${status}; its answer cannot be repeated: ${WHY[lost]}.`;
  return new SwitchboardError("REQ_004", message, {
    action: "Look at what is there now. A new request takes a new Idempotency-Key.",
  });
}

function noneLeft(most: number, retryAfterMs: number): SwitchboardError {
  return new SwitchboardError("SEC_011", `Your tenant has used ${most} Idempotency-Keys within a day.`, {
    action: "Wait as long as Retry-After says, or send the request without one.",
    retryAfterMs,
  });
}
