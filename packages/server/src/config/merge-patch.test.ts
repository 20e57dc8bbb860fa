import { describe, expect, it } from "vitest";
import { mergePatch } from "./merge-patch.ts";

const before = {
  gateway: { port: 1, host: "h" },
  agents: [
    { id: "a", model: "m", models: ["m", "n"] },
    { id: "b", model: "m" },
  ],
  bindings: [{ agent: "a" }, { agent: "b" }],
};

describe("a configuration patch", () => {
  it.each([
    ["changes one setting", { gateway: { port: 2 } }, { ...before, gateway: { port: 2, host: "h" } }],
    ["takes one out", { gateway: { host: null } }, { ...before, gateway: { port: 1 } }],
    ["adds where nothing was", { limits: { userBurst: 3 } }, { ...before, limits: { userBurst: 3 } }],
    [
      "changes one entry by its id and adds another",
      { agents: [{ id: "b", model: "x" }, { id: "c" }] },
      { ...before, agents: [before.agents[0], { id: "b", model: "x" }, { id: "c" }] },
    ],
    [
      "adds to a list without ids",
      { bindings: [{ agent: "a" }, { agent: "b" }, { agent: "c" }] },
      { ...before, bindings: [{ agent: "a" }, { agent: "b" }, { agent: "c" }] },
    ],
  ])("RFC 7396 %s", (_what, patch, after) => {
    expect(mergePatch(before, patch)).toEqual(after);
  });

  it.each([
    ["a list without ids", { bindings: [{ agent: "b" }] }, "bindings"],
    ["a list inside an entry", { agents: [{ id: "a", models: ["n"] }] }, "agents[].models"],
    ["a list whose entries lose their ids", { agents: [{ model: "x" }] }, "agents"],
  ])("GHSA-cwj3-vqpp-pmxr takes nothing out of %s unless that is named", (_what, patch, path) => {
    expect(() => mergePatch(before, patch)).toThrow(`This patch would take entries out of ${path}.`);
    expect(() => mergePatch(before, patch, [path])).not.toThrow();
  });

  it("replaces what is named whole", () => {
    expect(mergePatch(before, { agents: [{ id: "c" }], gateway: { port: 2 } }, ["agents", "gateway"])).toEqual({
      gateway: { port: 2 },
      agents: [{ id: "c" }],
      bindings: before.bindings,
    });
  });
});
