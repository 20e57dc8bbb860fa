import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.ts";

describe("nearest", () => {
  const known = ["dmPolicy", "groupPolicy", "allowFrom", "groupAllowFrom", "port", "host", "owners"];

  it("OPS-1 finds what a slip of the finger hides", () => {
    expect(nearest("dmPolcy", known)).toBe("dmPolicy");
    expect(nearest("prot", known)).toBe("port");
    expect(nearest("allowfrom", known)).toBe("allowFrom");
    expect(nearest("ownrs", known)).toBe("owners");
    expect(nearest("groupPolicies", known)).toBe("groupPolicy");
  });

  it("OPS-1 guesses nothing where nothing is near", () => {
    expect(nearest("webhook", known)).toBeUndefined();
    expect(nearest("x", known)).toBeUndefined();
    expect(nearest("port", [])).toBeUndefined();
  });
});
