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
  it("TEN-6 each line has its own, and a run gives its place back once", () => {
    const { canRun, links } = createAgentRuntimes();
    const may = (tenant: TenantId) => canRun?.(tenant, { ...anAgent({ runtime: "websocket" }), id: "main" });
    const told: TenantId[] = [];
    links.onRoom((tenant) => told.push(tenant));
    const one = links.join(OURS, "main", 1, line);
    links.join(OURS, "main", 1, line);
    links.join(THEIRS, "main", 2, line);
    const runs = [links.begin(OURS, "main"), links.begin(OURS, "main")];
    expect(() => links.begin(OURS, "main")).toThrowError(busy);
    expect([links.room(OURS, "main"), may(OURS)]).toEqual([0, false]);
    expect(links.withRoom()).toEqual([{ tenant: THEIRS, agent: "main", room: 2 }]);
    expect([may(THEIRS), told]).toEqual([true, []]);
    for (let times = 0; times < 3; times += 1) runs[1]?.end("stopped");
    expect([links.room(OURS, "main"), may(OURS), told]).toEqual([1, true, [OURS]]);
    one.leave();
    runs[0]?.end("stopped");
    expect(links.room(OURS, "main")).toBe(1);
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
