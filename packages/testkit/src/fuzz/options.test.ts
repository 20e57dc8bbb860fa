import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { matches } from "@switchboard/domain";
import { METHODS, type MethodName, methodSpec } from "@switchboard/protocol";
import { describe, expect, it } from "vitest";
import { Random } from "../long-run/random.ts";
import { exampleOf } from "./example.ts";
import { junk, spoilt } from "./hostile.ts";
import { fuzzOptions } from "./options.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));

describe("the fuzzer's command line", () => {
  it("has defaults for everything and a seed that is told", () => {
    expect(fuzzOptions(["--minutes", "0.5", "--seed", "7"])).toEqual({
      minutes: 0.5,
      seed: 7,
      connections: 2000,
      form: "built",
      json: false,
    });
    expect(fuzzOptions(["--built"])?.form).toBe("built");
    expect(fuzzOptions(["--source"])?.form).toBe("source");
    expect(fuzzOptions(["--help"])).toBeUndefined();
  });

  it.each([
    ["--minutes", "0"],
    ["--minutes", "some"],
    ["--seed", "1.5"],
    ["--connections", "0"],
    ["--attack", "tickling"],
    ["--nonsense"],
    ["--built", "--source"],
  ])("refuses %s %s with a word about it and exit code 2", async (...args) => {
    expect(() => fuzzOptions(args)).toThrow();
    const run = promisify(execFile)(process.execPath, ["--conditions=@switchboard/source", main, ...args]);
    await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(args[0] ?? "") });
  });
});

describe("what the fuzzer sends", () => {
  it("is the same for the same seed, and another for another", () => {
    const made = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 30 }, () => junk(random).toString("hex")).join();
    };
    expect(made(1)).toBe(made(1));
    expect(made(1)).not.toBe(made(2));
  });

  it.each(Object.keys(METHODS) as MethodName[])("DEV-2 begins from requests that %s takes, and spoils them", (name) => {
    const random = new Random(1);
    const { params } = methodSpec(name);
    const good = Array.from({ length: 200 }, () => exampleOf(params, random));
    expect(good.some((each) => matches(params, each))).toBe(true);
    const bad = good.map((each) => spoilt(each, random));
    expect(bad.some((each) => !matches(params, each))).toBe(true);
    // What is spoilt is a copy, and whatever is written into it stays there.
    expect(Object.prototype).not.toHaveProperty("scopes");
  });
});
