/**
 * What a model or server may be unable to take. When it refuses a request for one of these, the run goes on without it
 * and remembers that for later runs. This is no retry: the refused request had no effect and is not sent again.
 */

/** `images`: described in words; `tools`: not offered; `reasoning`, `temperature`: left to the model. */
export type Concession = "images" | "tools" | "reasoning" | "temperature" | "max-tokens" | "schema";

const SIGNS: readonly (readonly [Concession, readonly string[]])[] = [
  ["max-tokens", ["max_completion_tokens"]],
  ["images", ["image", "vision", "multimodal", "multi-modal", "mmproj"]],
  ["schema", ["response_format", "json_schema", "structured output", "output_config", "output_format"]],
  ["tools", ["tool", "function call"]],
  ["reasoning", ["reasoning", "thinking", "effort"]],
  ["temperature", ["temperature"]],
];

const REFUSALS = [
  "not support",
  "n't support",
  "unsupported",
  "not a multimodal",
  "not multimodal",
  "unrecognized",
  "unrecognised",
  "unknown",
  "unexpected",
  "not permitted",
  "not allowed",
  "not available",
  "does not accept",
  "extra inputs",
  "only the default",
  "no endpoints found",
  "use 'max_completion_tokens'",
];

/** Statuses with which servers refuse what they cannot do. */
const STATUSES = [400, 404, 422, 500, 501];

/** What to leave out next, of what the request `used`; `undefined` when the refusal means something else. */
export function concessionFor(
  refusal: { readonly status: number | undefined; readonly text: string },
  used: ReadonlySet<Concession>,
): Concession | undefined {
  if (refusal.status === undefined || !STATUSES.includes(refusal.status)) return undefined;
  const text = refusal.text.toLowerCase();
  if (!REFUSALS.some((sign) => text.includes(sign))) return undefined;
  const found = SIGNS.find(
    ([concession, signs]) => used.has(concession) && signs.some((sign) => text.includes(sign)),
  )?.[0];
  // A 500 is an outage nearly always; only for pictures some servers fail that way.
  return refusal.status >= 500 && found !== "images" ? undefined : found;
}

const FORGET_AFTER_MS = 3_600_000;
const MOST_MODELS = 1_000;

/** What was learnt of each model. It is forgotten after an hour: servers get better. */
export class Concessions {
  readonly #known = new Map<string, { readonly concessions: ReadonlySet<Concession>; readonly at: number }>();

  of(key: string): ReadonlySet<Concession> {
    const known = this.#known.get(key);
    return known && known.at + FORGET_AFTER_MS > Date.now() ? known.concessions : new Set();
  }

  remember(key: string, concessions: ReadonlySet<Concession>): void {
    this.#known.delete(key);
    this.#known.set(key, { concessions: new Set(concessions), at: Date.now() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_MODELS && oldest !== undefined) this.#known.delete(oldest);
  }
}
