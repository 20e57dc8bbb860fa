import { describe, expect, it } from "vitest";
import { API_SCOPES, type Role, scopesOf } from "./principal.ts";

describe("TEN-1 what a role may do", () => {
  const roles: readonly Role[] = ["viewer", "member", "admin", "owner"];

  it("each role may do what the lesser ones may, and something more", () => {
    for (const [index, role] of roles.entries()) {
      const lesser = roles[index - 1];
      if (lesser === undefined) continue;
      expect(scopesOf(role).isSupersetOf(scopesOf(lesser))).toBe(true);
      expect(scopesOf(role).size).toBeGreaterThan(scopesOf(lesser).size);
    }
    expect([...scopesOf("owner")]).toEqual([...API_SCOPES]);
  });

  it("a viewer changes nothing and sees neither keys nor the audit log", () => {
    const scopes = [...scopesOf("viewer")];
    expect(scopes.every((scope) => scope.endsWith(":read"))).toBe(true);
    expect(scopes).not.toContain("audit:read");
    expect(scopes).not.toContain("keys:read");
  });
});
