/** Calls every method of a store as one tenant with another one's ids, and as a third with ids that nobody has. */
import type { Store } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { toErrorRecord } from "@switchboard/domain";
import { given, World } from "@switchboard/testkit/store";
import { type Aim, asItself, asStranger, asTenant, ghostOf, type Victim, victimOf } from "./ids.ts";
import { type Group, TRIES } from "./tries.ts";

type Method = (...args: readonly unknown[]) => Promise<unknown>;
type Methods = Readonly<Record<string, Method>>;

export interface Outcome {
  readonly attempts: number;
  /** `group.method` of what was tried. */
  readonly tried: readonly string[];
  /** What was answered otherwise than to a stranger, or changed something of the victim's. */
  readonly findings: readonly string[];
  /** What did and showed nothing, not even to whom the ids belong. */
  readonly idle: readonly string[];
}

/** `rowsOf`: everything that the tables hold of a tenant, one text a row. */
export async function tryEveryMethod(
  world: World,
  rowsOf: (tenant: TenantId) => Promise<readonly string[]>,
): Promise<Outcome> {
  const { store } = world;
  const victim = await victimOf(world);
  const [attacker, nobody] = ["attacker", "nobody"].map((name) => new World(store, name as TenantId));
  const aims = [await asTenant(victim, given(attacker)), await asStranger(victim, given(nobody))] as const;
  const before = await rowsOf(victim.tenant);
  const tried: string[] = [];
  const findings: string[] = [];
  const answers = new Map<string, string>();
  let attempts = 0;
  for (const { calls, group, method, name } of methodsOf(store)) {
    if (calls === "of all tenants") continue;
    tried.push(name);
    const [real, nobodys] = aims.map(calls) as [readonly unknown[][], readonly unknown[][]];
    for (const [place, args] of real.entries()) {
      attempts += 1;
      const mine = essenceOf(await answerOf(() => method.apply(group, args)), aims[0], victim);
      const none = essenceOf(await answerOf(() => method.apply(group, nobodys[place] ?? [])), aims[1], victim);
      answers.set(`${name} ${place}`, none);
      if (mine !== none) findings.push(`${name} (${place}): ${mine.slice(0, 400)} instead of ${none.slice(0, 400)}`);
    }
    const now = await rowsOf(victim.tenant);
    const lost = before.filter((row) => !now.includes(row));
    if (lost.length > 0 || now.length !== before.length) findings.push(`${name} changed: ${lost[0]}`);
  }
  return { attempts, tried, findings, idle: await idleOf(store, victim, answers, rowsOf) };
}

/** Methods that do and show the victim itself no more than a stranger: to try them with its ids proves nothing. */
async function idleOf(
  store: Store,
  victim: Victim,
  answers: ReadonlyMap<string, string>,
  rowsOf: (tenant: TenantId) => Promise<readonly string[]>,
): Promise<string[]> {
  const idle: string[] = [];
  const aim = asItself(victim);
  for (const { calls, group, method, name } of methodsOf(store)) {
    if (calls === "of all tenants") continue;
    const before = (await rowsOf(victim.tenant)).join();
    let effect = false;
    for (const [place, args] of calls(aim).entries()) {
      const answer = essenceOf(await answerOf(() => method.apply(group, args)), aim, victim);
      effect ||= answer !== answers.get(`${name} ${place}`);
    }
    if (!effect && (await rowsOf(victim.tenant)).join() === before) idle.push(name);
  }
  return idle;
}

/** What the port has, as it is there when it runs. @throws when it is not what is tried. */
export function methodsOf(store: Store) {
  return Object.entries(TRIES).flatMap(([name, tries]) => {
    const group = store[name as Group] as unknown as Methods;
    const [there, known] = [Object.keys(group).sort(), Object.keys(tries).sort()];
    if (there.join() !== known.join()) throw new Error(`${name} has ${there}, and tried are ${known}`);
    return Object.entries(tries).map(([method, calls]) => ({
      name: `${name}.${method}`,
      group,
      method: group[method] as Method,
      calls: calls as "of all tenants" | ((aim: Aim) => readonly unknown[][]),
    }));
  });
}

async function answerOf(call: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await call()) ?? "nothing";
  } catch (thrown) {
    const { code, message } = toErrorRecord(thrown);
    return JSON.stringify({ code, message });
  }
}

/** Without what the caller knows already, and without numbers and ids that are new each time. */
function essenceOf(answer: string, { ids, held, tenant }: Aim, victim: Victim): string {
  let text = answer.replaceAll(`"${tenant}"`, '"<tenant>"');
  const chat = victim.ids.session.split(":").at(-1) ?? "";
  const names: [string, string][] = Object.entries(ids).map(([name, id]) => [id, `<${name}>`]);
  for (const lease of Object.values(held)) names.push([lease.lane, "<lane>"]);
  names.push([chat, "<chat>"], [ghostOf(chat), "<chat>"]);
  for (const [id, name] of names.sort(([one], [other]) => other.length - one.length)) text = text.replaceAll(id, name);
  return text
    .replace(/lease \d+/g, "lease 0")
    .replace(/"(hash|previous)":"[0-9a-f]{64}"/g, '"$1":""')
    .replace(/"(epoch|seq|version|at|finishedAt)":\d+/g, '"$1":0')
    .replace(/\b[a-z]{2,5}_[0-9a-hjkmnp-tv-z]{26}\b/g, "<new id>");
}
