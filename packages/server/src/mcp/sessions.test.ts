import type { TenantId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { MCP_SESSIONS, McpSessions } from "./sessions.ts";

const caller = (tenant: string, id: string) => ({ tenant: tenant as TenantId, id });
const LIMITS = { ofCaller: 2, ofTenant: 4, ofAll: 6 };

describe("TEN-1 TEN-6 MCP sessions", () => {
  it("TEN-1 one of somebody else's is none, whether another caller's or another tenant's", () => {
    const sessions = new McpSessions<string>(LIMITS);
    sessions.add("s", caller("acme", "a"), "theirs");
    const asked = [caller("acme", "a"), caller("acme", "b"), caller("other", "a")].map((who) => sessions.use("s", who));
    expect(asked).toEqual(["theirs", undefined, undefined]);
    sessions.delete("s");
    expect([sessions.use("s", caller("acme", "a")), sessions.all()]).toEqual([undefined, []]);
  });

  it("TEN-6 a caller with too many loses its own longest unused one", () => {
    const sessions = new McpSessions<string>(LIMITS);
    for (const id of ["a1", "a2"]) sessions.add(id, caller("acme", "a"), id);
    sessions.add("b1", caller("acme", "b"), "b1");
    sessions.use("a1", caller("acme", "a"));
    expect(sessions.add("a3", caller("acme", "a"), "a3")).toBe("a2");
    expect(sessions.all()).toEqual(["b1", "a1", "a3"]);
  });

  it("TEN-1 a tenant with many keys pushes out its own sessions, of the key that has most", () => {
    const sessions = new McpSessions<string>(LIMITS);
    sessions.add("small", caller("small", "x"), "small");
    for (const id of ["a1", "b1", "b2", "c1"]) sessions.add(id, caller("big", id.slice(0, 1)), id);
    expect(sessions.add("d1", caller("big", "d"), "d1")).toBe("b1");
    // Then all have one: the longest unused goes.
    expect(sessions.add("e1", caller("big", "e"), "e1")).toBe("a1");
    expect(sessions.all()).toEqual(["small", "b2", "c1", "d1", "e1"]);
  });

  it("TEN-1 when all are taken, the tenant that has most gives, whoever comes", () => {
    const sessions = new McpSessions<string>(LIMITS);
    sessions.add("small", caller("small", "x"), "small");
    sessions.add("middle", caller("middle", "y"), "middle");
    for (const key of ["a", "b", "c", "d"]) sessions.add(key, caller("big", key), key);
    expect(sessions.add("new", caller("new", "z"), "new")).toBe("a");
    expect(sessions.add("small2", caller("small", "x2"), "small2")).toBe("b");
    expect(sessions.all()).toEqual(["small", "middle", "c", "d", "new", "small2"]);
  });

  it("TEN-1 no tenant may take all there are", () => {
    expect(MCP_SESSIONS.ofCaller).toBeLessThan(MCP_SESSIONS.ofTenant);
    expect(MCP_SESSIONS.ofTenant).toBeLessThan(MCP_SESSIONS.ofAll);
  });
});
