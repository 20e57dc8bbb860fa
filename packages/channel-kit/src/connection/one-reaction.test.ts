import { expect, test } from "vitest";
import { oneReaction } from "./one-reaction.ts";

test("MSG-4 an older reaction is taken back also when that failed once", async () => {
  const values = new Map<string, string>();
  const shown = new Set<string>();
  let isBroken = false;
  const reaction = {
    key: "reaction/1",
    memory: {
      get: async (key: string) => values.get(key),
      set: async (key: string, value: string) => void values.set(key, value),
      remove: async (key: string) => void values.delete(key),
    },
    add: async (name: string) => shown.add(name),
    remove: async (name: string) => {
      if (isBroken) throw new Error("not now");
      shown.delete(name);
    },
  };
  await oneReaction(reaction, "a");
  isBroken = true;
  await expect(oneReaction(reaction, "b")).rejects.toThrow("not now");
  isBroken = false;
  await oneReaction(reaction, "b");
  expect([...shown]).toEqual(["b"]);
  await oneReaction(reaction, undefined);
  expect([...shown, ...values]).toEqual([]);
});
