/**
 * The agents that are connected to this process, and the runs that each has in hand (TEN-6). A connection is one agent
 * of one tenant; several of the same one share the load.
 */
import type { ConnectedAgents } from "@switchboard/core/ports";
import { SwitchboardError, type TenantId } from "@switchboard/domain";
import { type AgentLine, Run, type RunFrame } from "./run.ts";

/** One connection, as whoever reads it uses it. */
export interface AgentLink {
  /** Most runs at a time. */
  setTurns(turns: number): void;
  /** `open`: its last word is still to come. `ended`: before that came, which may have been on its way; told once. */
  stateOf(run: string): "open" | "ended" | "unknown";
  /** Something that concerns a run. False: it has none of that name, or no longer. */
  take(frame: RunFrame, bytes: number): boolean;
  /** Ends one run, because what was said of it cannot be read. */
  unreadable(run: string, problem: string): void;
  /** The line is gone; what it had in hand failed. */
  leave(): void;
}

interface Connected {
  readonly line: AgentLine;
  readonly runs: Map<string, Run>;
  /** Those that ended before their last word came, which may be on its way. */
  readonly ended: Set<string>;
  turns: number;
}

export interface AgentLinksOptions {
  /** What an agent may say in one run, in bytes; default 24 MiB. */
  readonly answerBytes?: number;
}

/** Of one connection. */
const MOST_ENDED = 1_000;

export class AgentLinks implements ConnectedAgents {
  readonly #answerBytes: number;
  /** By tenant, then by agent. */
  readonly #connected = new Map<TenantId, Map<string, Set<Connected>>>();
  readonly #listeners = new Set<Parameters<ConnectedAgents["onRoom"]>[0]>();
  #runs = 0;

  constructor({ answerBytes = 24 * 1024 * 1024 }: AgentLinksOptions = {}) {
    this.#answerBytes = answerBytes;
  }

  join(tenant: TenantId, agent: string, turns: number, line: AgentLine): AgentLink {
    const connected: Connected = { line, runs: new Map(), ended: new Set(), turns };
    const agents = this.#connected.get(tenant) ?? new Map<string, Set<Connected>>();
    const all = agents.get(agent) ?? new Set();
    this.#connected.set(tenant, agents.set(agent, all.add(connected)));
    return {
      setTurns: (most) => {
        connected.turns = most;
        this.#tellRoom(tenant);
      },
      stateOf: (run) => {
        const known = connected.runs.get(run);
        if (known?.open) return "open";
        return known?.awaited || connected.ended.delete(run) ? "ended" : "unknown";
      },
      take: (frame, bytes) => connected.runs.get(frame.run)?.take(frame, bytes) ?? false,
      unreadable: (run, problem) => connected.runs.get(run)?.garbled(problem),
      leave: () => {
        all.delete(connected);
        if (all.size === 0 && agents.get(agent) === all) agents.delete(agent);
        if (agents.size === 0) this.#connected.delete(tenant);
        for (const run of connected.runs.values()) run.fell();
      },
    };
  }

  /** How many runs more the agent's connections would take right now. */
  room(tenant: TenantId, agent: string): number {
    return this.#of(tenant, agent).reduce((sum, each) => sum + roomOf(each), 0);
  }

  withRoom(tenant?: TenantId): ReturnType<ConnectedAgents["withRoom"]> {
    const tenants = tenant === undefined ? [...this.#connected.keys()] : [tenant];
    return tenants
      .flatMap((whose) => [...(this.#connected.get(whose)?.keys() ?? [])].map((agent) => ({ tenant: whose, agent })))
      .map((each) => ({ ...each, room: this.room(each.tenant, each.agent) }))
      .filter(({ room }) => room > 0);
  }

  onRoom(listener: Parameters<ConnectedAgents["onRoom"]>[0]): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many connections each agent of a tenant has here, by the agent's id. */
  connections(tenant: TenantId): ReadonlyMap<string, number> {
    return new Map([...(this.#connected.get(tenant) ?? [])].map(([agent, all]) => [agent, all.size]));
  }

  all(): readonly { readonly tenant: TenantId; readonly agent: string; readonly connections: number }[] {
    return [...this.#connected.keys()].flatMap((tenant) =>
      [...this.connections(tenant)].map(([agent, connections]) => ({ tenant, agent, connections })),
    );
  }

  /** A place for one run, at the connection that has most room. `end` the run in any case. @throws AGENT_009. */
  begin(tenant: TenantId, agent: string): Run {
    const all = this.#of(tenant, agent);
    const [best] = all.filter((each) => roomOf(each) > 0).sort((a, b) => roomOf(b) - roomOf(a));
    if (!best) {
      throw new SwitchboardError(
        "AGENT_009",
        all.length === 0 ? "The agent is not connected." : "The agent is connected and takes no more turns right now.",
      );
    }
    this.#runs += 1;
    const run = new Run(`run_${this.#runs}`, best.line, this.#answerBytes, () => {
      if (!best.runs.delete(run.id)) return;
      if (run.awaited) remember(best.ended, run.id);
      this.#tellRoom(tenant);
    });
    best.runs.set(run.id, run);
    return run;
  }

  #tellRoom(tenant: TenantId): void {
    if (this.withRoom(tenant).length === 0) return;
    for (const listener of this.#listeners) listener(tenant);
  }

  #of(tenant: TenantId, agent: string): readonly Connected[] {
    return [...(this.#connected.get(tenant)?.get(agent) ?? [])];
  }
}

function remember(ended: Set<string>, run: string): void {
  ended.add(run);
  const [oldest] = ended;
  if (oldest !== undefined && ended.size > MOST_ENDED) ended.delete(oldest);
}

function roomOf({ runs, turns }: Connected): number {
  return Math.max(0, turns - runs.size);
}
