/** What an operator may choose for a session: its label, and the parameters that people set by chat commands (AGT-5). */
import { PARAMETERS, type Parameter } from "@switchboard/core";
import { type SessionKey, SwitchboardError, type TenantId } from "@switchboard/domain";
import type { AgentSettings } from "@switchboard/protocol";
import type { MethodDeps } from "./deps.ts";
import { agentOf } from "./session-keys.ts";
import { CHOICES, type ChoiceName, LABEL } from "./session-row.ts";

/** `null` clears; what is absent stays. */
export type Choices = { readonly [Name in ChoiceName | "label"]?: string | null | undefined };

/** Other words for the same. */
const SYNONYMS: Partial<Record<ChoiceName, Readonly<Record<string, string>>>> = {
  reasoningLevel: { on: "shown", off: "hidden" },
};

/** Chooses all or, when one of them cannot be had, nothing. @throws REQ_001, REQ_004. */
export async function choose(
  { engine }: MethodDeps,
  tenant: TenantId,
  session: SessionKey,
  choices: Choices,
): Promise<void> {
  const { sessions } = engine.store;
  const agent = agentOf(session, engine.routing);
  const wanted: [preference: string, value: string | null][] = [];
  for (const name of Object.keys(CHOICES) as ChoiceName[]) {
    const value = choices[name];
    if (value !== undefined) wanted.push([CHOICES[name], value === null ? null : preferenceOf(name, value, agent)]);
  }
  const { label } = choices;
  if (label !== undefined) {
    const others = label === null ? [] : (await sessions.list(tenant, { label, limit: 2 })).rows;
    const taken = others.find(({ key }) => key !== session);
    if (taken) throw new SwitchboardError("REQ_004", `The label is taken by ${taken.key}.`);
    wanted.push([LABEL, label]);
  }
  for (const [name, value] of wanted) await sessions.setPreference(tenant, session, name, value);
}

/** `null` for what holds anyway, as the commands store it. */
function preferenceOf(name: ChoiceName, value: string, agent: AgentSettings): string | null {
  const parameter = PARAMETERS.find((each) => each.name === CHOICES[name]);
  const offered = parameter?.choices(agent) ?? [];
  const plain = withoutProvider(parameter, SYNONYMS[name]?.[value] ?? value, agent);
  const found = offered.find((choice) => choice.toLowerCase() === plain.toLowerCase());
  if (found === undefined) {
    throw new SwitchboardError("REQ_001", `${name} can be one of ${offered.join(", ")}; null clears it.`);
  }
  return found === offered[0] ? null : found;
}

/** Clients write a model with who runs it before it. */
function withoutProvider(parameter: Parameter | undefined, value: string, agent: AgentSettings): string {
  const prefix = `${agent.runtime}/`;
  return parameter?.name === "model" && value.startsWith(prefix) ? value.slice(prefix.length) : value;
}
