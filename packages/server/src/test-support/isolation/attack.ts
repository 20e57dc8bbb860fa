/** Tries a request with every foreign id in every place, beside the same request with an id that nobody has. */
import { essenceOf, ghostOf, wordsIn } from "./compare.ts";
import { propertyOf, requestWith, type Slot, slotsOf, type Usual } from "./slots.ts";

/** One kind of request that can be made, e.g. a route or a method. */
export interface Operation {
  readonly name: string;
  /** Of everything that the request says. */
  readonly schema: object;
  /** The ids to try, where not every one; guesses are counted there. */
  readonly kinds?: readonly string[];
  /** What its requests say whoever asks, by the name of the property. */
  readonly usual?: Readonly<Record<string, string>>;
  ask(request: unknown): Promise<unknown>;
}

export interface Attack {
  /** Foreign ids, by what they are of. */
  readonly ids: Readonly<Record<string, string>>;
  /** What nobody but the other tenant ever says: no answer may. */
  readonly words: readonly string[];
  /** What the attacker's own requests say, by the name of the property. */
  readonly own: Usual;
  /** The same as the other tenant would say it. */
  readonly foreign: Usual;
}

export interface Outcome {
  attempts: number;
  readonly findings: string[];
}

type Kinds = readonly string[] | "all";

/** Which ids are tried where. What is not named here is tried with all of them. */
const TRIED: readonly (readonly [properties: RegExp, kinds: Kinds])[] = [
  // What is only said or shown: one id of each form is enough.
  [
    /^(message|text|title|content|buffer|raw|reason|thinking|extraSystemPrompt|question|options|name|displayName|fileName|filename|mimeType|contentType|model|tags|host|ip|version|platform|deviceFamily|modelIdentifier|mode|startDate|endDate|utcOffset|from|command|chunk|payloadJSON|path|type)$/,
    ["tenant", "session"],
  ],
  [/^(label|search)$/, ["label"]],
  // What the platform or the configuration means something by, and this gateway's own ids nothing.
  [
    /^(to|threadId|replyTo|replyToId|channel|agentId|scopes|credential|config|params|allowFrom|groups|groupAllowFrom|owners|approvals)$/,
    ["account", "session", "delivery"],
  ],
  [/^mediaUrls?$/, ["blob"]],
  [/^(idempotencyKey|idempotency-key)$/, ["idempotencyKey", "tenant", "turn"]],
];
/** Whose answers rest on what the attacker did before: they are only searched for words. */
const REMEMBERED = /^(label|search)$/;
/** What is passing looks like an oracle once, never so often. */
const LOOKS = 4;

export async function attack(operation: Operation, { ids, words, ...says }: Attack): Promise<Outcome> {
  const outcome: Outcome = { attempts: 0, findings: [] };
  const { ask, name, schema } = operation;
  const own: Usual = (property) => operation.usual?.[property] ?? says.own(property);
  const foreign: Usual = (property) => operation.usual?.[property] ?? says.foreign(property);
  const ghosts = Object.fromEntries(Object.values(ids).map((id) => [id, ghostOf(id)]));
  // What was said before comes back in lists.
  const known = [...Object.keys(ghosts), ...Object.values(ghosts)];
  const isGhost =
    (usual: Usual): Usual =>
    (property) => {
      const id = usual(property);
      return id === undefined ? undefined : (ghosts[id] ?? id);
    };

  const leaked = (place: string, answer: unknown, sent: readonly string[]) => {
    const found = wordsIn(answer, words, sent);
    if (found.length > 0) outcome.findings.push(`${place} tells ${found.join(", ")}: ${shortened(answer)}`);
  };

  /** `others`: what the rest of the request is made of. */
  async function one(slot: Slot, kind: string, id: string, others: Usual): Promise<void> {
    const place = `${name} ${slot.join(".")} = ${kind}`;
    outcome.attempts += 1;
    let differs: readonly [unknown, unknown] | undefined;
    for (let look = 0; look < LOOKS; look += 1) {
      const request = requestWith(schema, others, slot, id);
      const nobodys = requestWith(schema, others === foreign ? isGhost(others) : others, slot, ghosts[id]);
      const [real, none] = look % 2 ? (await pair(nobodys, request)).reverse() : await pair(request, nobodys);
      leaked(place, real, textsIn(request));
      if (REMEMBERED.test(slot.at(-1) ?? "")) return;
      if (essenceOf(real, [...known, ...textsIn(request)]) === essenceOf(none, [...known, ...textsIn(nobodys)])) return;
      differs = [real, none];
    }
    outcome.findings.push(`${place} differs: ${shortened(differs?.[0])} / ${shortened(differs?.[1])}`);
  }
  const pair = async (first: unknown, second: unknown) => [await ask(first), await ask(second)];

  const slots = slotsOf(schema);
  if (slots.length === 0) {
    outcome.attempts += 1;
    leaked(name, await ask(requestWith(schema, own)), []);
  }
  for (const slot of slots) {
    const property = propertyOf(slot);
    const chosen = TRIED.find(([properties]) => properties.test(property))?.[1] ?? operation.kinds ?? "all";
    const kinds = Object.entries(ids).filter(([kind]) => chosen === "all" || chosen.includes(kind));
    await Promise.all(kinds.map(([kind, id]) => one(slot, kind, id, own)));
    // With the rest of the request as the other tenant would make it, the id means what it means there.
    if (slots.length > 1 && chosen === "all") {
      await Promise.all(kinds.map(([kind, id]) => one(slot, kind, id, foreign)));
    }
  }
  return outcome;
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function shortened(value: unknown): string {
  return (JSON.stringify(value) ?? "").slice(0, 600);
}
