import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { Random } from "../long-run/random.ts";
import type { ModelRequest } from "../model-server/index.ts";
import { crashOptions } from "./options.ts";
import { marksIn, modelFor, modelReaction, sayingOf } from "./words.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

describe("the crash harness's command line", () => {
  it("has defaults for everything and a seed that is told", () => {
    expect(crashOptions(["--kills", "300", "--seed", "7"])).toMatchObject({
      kills: 300,
      seed: 7,
      form: "built",
      json: false,
    });
    expect(crashOptions(["--help"])).toBeUndefined();
  });

  it.each([
    ["--kills", "many"],
    ["--kills", "-1"],
    ["--seed", "1.5"],
    ["--jobs", "0"],
    ["--aim", "never"],
    ["--nonsense"],
  ])("refuses %s %s with a word about it and exit code 2", async (...args) => {
    expect(() => crashOptions(args)).toThrow();
    const run = promisify(execFile)(process.execPath, ["--conditions=@switchboard/source", main, ...args]);
    await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(args[0] ?? "") });
  });
});

describe("what the harness says", () => {
  it("is the same for the same seed, and another for another", () => {
    const said = (seed: number, salt = 0) => {
      const random = new Random(seed, salt);
      return Array.from({ length: 20 }, (_, number) => sayingOf(number, "plain", random)).join();
    };
    expect(said(1)).toBe(said(1));
    expect(said(1)).not.toBe(said(2));
    expect(said(1)).not.toBe(said(1, 1));
  });

  it("gets an answer from the model that names every number to its end, in several messages where that was asked", () => {
    const behaviour = modelReaction({
      lastUserText: "Person 1: M000007 long amber\n\nPerson 2: M000008 plain birch",
      model: modelFor(4096),
    } as ModelRequest);
    const text = behaviour.type === "answer" ? (behaviour.text ?? "") : "";
    expect(text.length).toBeGreaterThan(2 * 4096);
    expect(new Set(marksIn(text).map(({ number }) => number))).toEqual(new Set([7, 8]));
    const marks = marksIn(text).map(({ number, paragraph }) => number * 1000 + paragraph);
    expect(marks).toEqual(marks.toSorted((a, b) => a - b));
    expect(text).toMatch(/D000007[\s\S]*D000008$/);
  });

  it("chooses by weight", () => {
    const random = new Random(3);
    const list = [
      { name: "often", weight: 9 },
      { name: "seldom", weight: 1 },
      { name: "never", weight: 0 },
    ] as const;
    const chosen = Array.from({ length: 1000 }, () => random.weighted(list).name);
    expect(chosen.filter((name) => name === "never")).toEqual([]);
    expect(chosen.filter((name) => name === "often").length).toBeGreaterThan(850);
  });
});
