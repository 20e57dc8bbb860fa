/** How many turns the connected agents of a tenant have, and which of them still have a last word to say. */
import type { TenantId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { createAgentRuntimes } from "../runtimes.ts";
import { anAgent } from "../test-support/ask.ts";
import { AgentLinks } from "./links.ts";

const OURS = "ours" as TenantId;
const THEIRS = "theirs" as TenantId;
const line = { send: () => true, admitted: async () => true };
const busy = expect.objectContaining({ code: "AGENT_009" });

describe("TEN-6 the places of connected agents", () => {
  it("TEN-6 TEN-1 those of one tenant have at most half of the gateway's turns, all agents and lines together", () => {
    const { canRun, links } = createAgentRuntimes({ capacity: 4 });
    const may = (tenant: TenantId) => canRun?.(tenant, { ...anAgent({ runtime: "websocket" }), id: "main" });
    links.join(OURS, "main", 100, line);
    links.join(OURS, "main", 100, line);
    links.join(OURS, "other", 100, line);
    links.join(THEIRS, "main", 100, line);
    const runs = [links.begin(OURS, "main"), links.begin(OURS, "other")];
    expect(() => links.begin(OURS, "main")).toThrowError(busy);
    expect([links.room(OURS, "main"), links.room(OURS, "other"), may(OURS)]).toEqual([0, 0, false]);
    expect(links.withRoom()).toEqual([{ tenant: THEIRS, agent: "main", room: 2 }]);
    expect(may(THEIRS)).toBe(true);
    // A run ends once, however often that is said.
    for (let times = 0; times < 3; times += 1) runs[0]?.end("stopped");
    expect([links.room(OURS, "main"), may(OURS)]).toEqual([1, true]);
  });

  it("TEN-6 a gateway of one turn gives a connected agent that one", () => {
    const { links } = createAgentRuntimes({ capacity: 1 });
    links.join(OURS, "main", 100, line);
    expect(links.room(OURS, "main")).toBe(1);
  });

  it("TEN-6 a run that ends makes room for the tenant's other lines, also when its own is gone or takes no more", () => {
    const links = new AgentLinks({ tenantRuns: 2 });
    const one = links.join(OURS, "main", 2, line);
    const runs = [links.begin(OURS, "main"), links.begin(OURS, "main")];
    links.join(OURS, "other", 2, line);
    const told: TenantId[] = [];
    links.onRoom((tenant) => told.push(tenant));
    one.setTurns(0);
    expect(told).toEqual([]);
    runs[0]?.end("stopped");
    expect(told).toEqual([OURS]);
    one.leave();
    runs[1]?.end("stopped");
    expect(told).toEqual([OURS, OURS]);
    expect(links.room(OURS, "other")).toBe(2);
  });

  it("TEN-6 a run is open until its last word; one that ended without may be spoken of once more, others never", async () => {
    const links = new AgentLinks();
    const link = links.join(OURS, "main", 3, line);
    const [answered, stopped, unsent] = [1, 2, 3].map(() => links.begin(OURS, "main"));
    if (!answered || !stopped || !unsent) throw new Error("three runs");
    await answered.start({} as never);
    await stopped.start({} as never);
    const stateOf = (run: { readonly id: string }) => link.stateOf(run.id);
    expect([answered, stopped, unsent, { id: "run_99" }].map(stateOf)).toEqual(["open", "open", "unknown", "unknown"]);
    link.take({ type: "done", run: answered.id, answer: {} }, 10);
    expect(stateOf(answered)).toBe("unknown");
    for (const run of [answered, stopped, unsent]) run.end("stopped");
    expect([answered, stopped, unsent].map(stateOf)).toEqual(["unknown", "ended", "unknown"]);
    expect(stateOf(stopped)).toBe("unknown");
  });
});
