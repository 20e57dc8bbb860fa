/** Sessions: made or touched when a turn is queued, begun anew after a pause or when asked. */
import type { SessionPlace } from "@switchboard/core/ports";
import { isStretchOver } from "@switchboard/core/rules";
import type { SessionId, TenantId } from "@switchboard/domain";
import { newId } from "@switchboard/domain/ids";
import type { SessionRow, SessionState } from "../rows/session-row.ts";
import type { Context } from "./context.ts";
import type { Insert, Statement } from "./sql.ts";

export class Sessions {
  readonly #find: Statement<SessionRow>;
  readonly #state: Statement<SessionState>;
  readonly #insert: Insert;
  readonly #touch: Statement<never>;
  readonly #begin: Statement<never>;
  readonly #agentState: Statement<never>;
  readonly #forgetAgentState: Statement<never>;
  readonly #preferences: Statement<{ name: string; value: string }>;
  readonly #setPreference: Statement<never>;
  readonly #dropPreference: Statement<never>;

  constructor({ statements }: Context) {
    this.#find = statements.of("SELECT * FROM sessions WHERE tenant = ? AND key = ?");
    this.#state = statements.of(
      "SELECT seq, id, lane, last_active_at, agent_state FROM sessions WHERE tenant = ? AND key = ?",
    );
    // biome-ignore format: one line a group
    this.#insert = statements.insertNumbered("sessions", [
      "tenant", "key", "lane", "id", "agent", "channel", "account", "conversation", "kind", "created_at",
      "last_active_at", "entries", "last_entry", "title", "target",
    ]);
    this.#touch = statements.of(
      "UPDATE sessions SET last_active_at = ?, title = coalesce(?, title), target = ? WHERE seq = ?",
    );
    this.#begin = statements.of("UPDATE sessions SET id = ?, agent_state = NULL WHERE seq = ?");
    this.#agentState = statements.of("UPDATE sessions SET agent_state = ? WHERE seq = ? AND id = ?");
    this.#forgetAgentState = statements.of("UPDATE sessions SET agent_state = NULL WHERE seq = ?");
    this.#preferences = statements.of("SELECT name, value FROM preferences WHERE tenant = ? AND session = ?");
    this.#setPreference = statements.insertInto(
      "preferences",
      ["tenant", "session", "name", "value"],
      "ON CONFLICT (tenant, session, name) DO UPDATE SET value = excluded.value",
    );
    this.#dropPreference = statements.of("DELETE FROM preferences WHERE tenant = ? AND session = ? AND name = ?");
  }

  async find(tenant: string, key: string): Promise<SessionRow | undefined> {
    return await this.#find.get(tenant, key);
  }

  async state(tenant: string, key: string): Promise<SessionState | undefined> {
    return await this.#state.get(tenant, key);
  }

  /**
   * Makes the session, or notes that it is in use; `busy` when turns of it wait or run, so that it cannot be idle.
   * Returns its row's number, its present stretch and what the agent keeps of that.
   */
  async touch(
    tenant: TenantId,
    place: SessionPlace,
    known: SessionState | undefined,
    busy: boolean,
    now: number,
  ): Promise<Pick<SessionRow, "seq" | "id" | "agent_state">> {
    const target = JSON.stringify(place.target);
    if (!known) {
      const id = newId("session");
      // biome-ignore format: one line a group
      const seq = await this.#insert.insert(
        tenant, place.key, place.key, id, place.agent, place.channel, place.account, place.conversation, place.kind, now,
        now, 0, 0, place.title ?? null, target,
      );
      return { seq, id, agent_state: null };
    }
    const over = isStretchOver(known.last_active_at, { busy, idleMs: place.idleMs, now });
    this.#touch.send(Math.max(now, known.last_active_at), place.title ?? null, target, known.seq);
    return over ? { seq: known.seq, id: await this.#anew(known.seq), agent_state: null } : known;
  }

  /**
   * Begins a new stretch; preferences stay. Turns that were queued before belong to the old one and are written there.
   * `undefined` when there is no such session.
   */
  async reset(tenant: string, key: string): Promise<SessionId | undefined> {
    const row = await this.find(tenant, key);
    return row && (await this.#anew(row.seq));
  }

  /** The agent's state after a turn of the stretch `id`; it counts only while that stretch lasts. */
  async keepAgentState(session: number, id: SessionId, agentState: string): Promise<void> {
    this.#agentState.send(agentState, session, id);
  }

  async forgetAgentState(session: number): Promise<void> {
    this.#forgetAgentState.send(session);
  }

  async preferences(tenant: string, key: string): Promise<Record<string, string>> {
    const preferences: Record<string, string> = {};
    for (const { name, value } of await this.#preferences.all(tenant, key)) preferences[name] = value;
    return preferences;
  }

  async setPreference(tenant: string, key: string, name: string, value: string | null): Promise<void> {
    if (value === null) this.#dropPreference.send(tenant, key, name);
    else this.#setPreference.send(tenant, key, name, value);
  }

  async #anew(seq: number): Promise<SessionId> {
    const id = newId("session");
    this.#begin.send(id, seq);
    return id;
  }
}
