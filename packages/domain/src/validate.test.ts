import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { completed, problemsOf, validated } from "./validate.ts";

const Account = Type.Object(
  {
    enabled: Type.Boolean({ default: true }),
    limits: Type.Object({ burst: Type.Integer({ default: 3 }) }, { default: {} }),
  },
  { additionalProperties: false },
);
const Config = Type.Object({
  accounts: Type.Record(Type.String(), Type.Record(Type.String(), Account), { default: {} }),
});

describe("completed", () => {
  it("OPS-1 fills in every default, also inside records", () => {
    expect(completed(Config, {}, "config")).toEqual({ accounts: {} });
    expect(completed(Config, { accounts: { a: { b: {} } } }, "config")).toEqual({
      accounts: { a: { b: { enabled: true, limits: { burst: 3 } } } },
    });
  });

  it("leaves what it was given alone", () => {
    const given = { accounts: { a: { b: {} } } };
    completed(Config, given, "config");
    expect(given).toEqual({ accounts: { a: { b: {} } } });
  });

  it("OPS-1 names the values that are allowed, and what is not known, once", () => {
    const Level = Type.Object({ level: Type.Enum(["info", "debug"]) }, { additionalProperties: false });
    expect(problemsOf(Level, { level: "loud" })).toEqual(['level: must be one of "info", "debug"']);
    expect(problemsOf(Level, { level: "info", levle: "debug" })).toEqual([
      "levle: there is nothing of this name; did you mean level?",
    ]);
    expect(problemsOf(Type.Object({ level: Level }), { level: { level: "info", x: 1 } })).toEqual([
      "level.x: there is nothing of this name",
    ]);
    const Levels = Type.Record(Type.String(), Type.Array(Level));
    expect(problemsOf(Levels, { a: [{ level: "info" }, { level: "info", Level: "debug" }] })).toEqual([
      "a.1.Level: there is nothing of this name; did you mean level?",
    ]);
  });

  it("OPS-1 names the place of every problem", () => {
    expect(() => completed(Config, { accounts: { a: { b: { enabled: "yes" } } } }, "config in x.json")).toThrow(
      "invalid config in x.json: accounts.a.b.enabled: must be boolean",
    );
  });
});

describe("validated", () => {
  it("returns the value, or throws the code that was asked for", () => {
    expect(validated(Account, { enabled: true, limits: { burst: 1 } }, "account")).toBeDefined();
    expect(() => validated(Account, {}, "account", "CFG_001")).toThrow(expect.objectContaining({ code: "CFG_001" }));
    expect(problemsOf(Account, { enabled: true, limits: { burst: 1 }, more: 1 }).join()).toContain("more");
  });
});
