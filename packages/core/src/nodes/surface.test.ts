import { describe, expect, it } from "vitest";
import { covers, declaredSurface, inCommon, sameSurface } from "./surface.ts";

describe("what a node declares", () => {
  it("DEV-9 is sorted, without doubles, and bounded in number, length and characters", () => {
    const many = Array.from({ length: 2_000 }, (_, n) => `c.${String(n).padStart(4, "0")}`);
    const { caps, commands, permissions } = declaredSurface({
      caps: ["b", "a", "b", "", "with space", "tur\u202ened", "x".repeat(129), "é"],
      commands: many,
      permissions: Object.fromEntries(many.map((name) => [name, true])),
    });
    expect(caps).toEqual(["a", "b"]);
    expect([commands.length, commands[0], Object.keys(permissions).length]).toEqual([256, "c.0000", 64]);
  });

  it("DEV-9 keys of prototypes are no permissions", () => {
    const permissions = JSON.parse('{"__proto__":true,"camera":true}') as Record<string, boolean>;
    const surface = declaredSurface({ permissions });
    expect(surface.permissions).toEqual({ camera: true });
    expect(covers(surface, declaredSurface({ permissions: { toString: true } }))).toBe(false);
  });

  it("DEV-9 to offer or permit less takes no approval, to offer more does", () => {
    const approved = declaredSurface({ caps: ["a"], commands: ["x", "y"], permissions: { camera: true, mic: false } });
    const less = declaredSurface({ commands: ["x"], permissions: { camera: false, mic: false, new: false } });
    expect(covers(approved, less)).toBe(true);
    for (const more of [{ caps: ["b"] }, { commands: ["z"] }, { permissions: { mic: true } }]) {
      expect(covers(approved, declaredSurface(more))).toBe(false);
    }
    const declared = declaredSurface({
      caps: ["a", "b"],
      commands: ["y", "z"],
      permissions: { camera: true, mic: true },
    });
    expect(inCommon(declared, approved)).toEqual({
      caps: ["a"],
      commands: ["y"],
      permissions: { camera: true, mic: false },
    });
    expect(inCommon(declared, undefined)).toEqual({ caps: [], commands: [], permissions: {} });
  });

  it("DEV-9 the same in another order is the same", () => {
    const one = declaredSurface({ caps: ["a", "b"], permissions: { x: true, y: false } });
    expect(sameSurface(one, declaredSurface({ caps: ["b", "a"], permissions: { y: false, x: true } }))).toBe(true);
    expect(sameSurface(one, declaredSurface({ caps: ["a", "b"], permissions: { x: true, z: false } }))).toBe(false);
  });
});
