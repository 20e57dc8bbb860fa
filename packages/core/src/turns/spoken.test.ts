import type { PeerId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { entryOfInput, spokenText } from "./spoken.ts";

describe("what somebody said", () => {
  it("AGT-2 stands behind what they quoted, line by line", () => {
    expect(spokenText({ text: "and this?" })).toBe("and this?");
    expect(spokenText({ text: "and this?", quoted: "one\n\ntwo" })).toBe("> one\n> \n> two\n\nand this?");
  });

  it.each([
    [{ id: "42", displayName: "Ann", username: "ann" }, "Ann"],
    [{ id: "42", username: "ann" }, "ann"],
    [{ id: "42" }, "42"],
  ])("AGT-2 is kept under the best name there is: %j", (sender, name) => {
    const entry = entryOfInput({ text: "hi", at: 7, sender: { ...sender, id: sender.id as PeerId } });
    expect(entry).toEqual({ role: "user", text: "hi", at: 7, sender: name });
  });

  it("AGT-2 is kept with what a transcript keeps of attachments", () => {
    const ref = { file: "f1" };
    const input = { text: "", at: 7, attachments: [{ kind: "image" as const, ref, size: 10, width: 5 }] };
    expect(entryOfInput(input).attachments).toEqual([{ kind: "image", ref, size: 10 }]);
    expect(entryOfInput({ text: "", at: 7, attachments: [] }).attachments).toBeUndefined();
  });
});
