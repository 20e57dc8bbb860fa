import { describe, expect, it } from "vitest";
import { anonymousPeer } from "./anonymise.ts";

describe("OPS-4 peers in the audit log", () => {
  const [one, two] = [{ auditKey: "one key" }, { auditKey: "another key" }];

  it("OPS-4 are recognised again by who has the key, and cannot be guessed by who has not", () => {
    expect(anonymousPeer(one, "12345")).toMatch(/^peer:[0-9a-f]{16}$/);
    expect(anonymousPeer(one, "12345")).toBe(anonymousPeer({ ...one }, "12345"));
    expect(anonymousPeer(one, "12346")).not.toBe(anonymousPeer(one, "12345"));
    expect(anonymousPeer(two, "12345")).not.toBe(anonymousPeer(one, "12345"));
  });
});
