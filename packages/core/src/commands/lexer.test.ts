import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lexArguments, lexCommand, quoteWord } from "./lexer.ts";

describe("lexCommand", () => {
  it.each([
    ["/status", "status", []],
    ["  /Status  ", "status", []],
    ["/model gpt-4o", "model", ["gpt-4o"]],
    ["/model\ngpt-4o", "model", ["gpt-4o"]],
    ["`/pair approve ABC`", "pair", ["approve", "ABC"]],
    ["**/status**", "status", []],
    ["/pair approve **ABC** 🎉", "pair", ["approve", "ABC", "🎉"]],
    ['/say "two words" next', "say", ["two words", "next"]],
    ["/say “curly quotes” «and these»", "say", ["curly quotes", "and these"]],
    ['/say it\\ is \\"one\\"', "say", ["it is", '"one"']],
  ])("ACC-6 reads %j", (text, name, args) => {
    expect(lexCommand(text)).toMatchObject({ name, args });
  });

  it("ACC-6 keeps whom a command is addressed to and what was typed behind it", () => {
    expect(lexCommand("/help@My_Bot  now  please ")).toEqual({
      name: "help",
      addressee: "my_bot",
      args: ["now", "please"],
      rest: "now  please",
    });
  });

  it.each(["", "status", "a /status", "/", "/ status", "//", "/path/to/file", "https://example.org", "1/2", "/é"])(
    "ACC-6 finds no command in %j",
    (text) => expect(lexCommand(text)).toBeUndefined(),
  );

  it("ACC-6 never throws, and reading takes time in proportion to the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
        const line = lexCommand(`/x ${text}`);
        expect(line?.name).toBe("x");
        expect(line?.args.every((word) => word !== "")).toBe(true);
      }),
    );
    expect(lexCommand(`/x ${'"'.repeat(100_000)}`)?.args.length).toBeGreaterThanOrEqual(0);
  });

  it("gives quoted words back as they were", () => {
    const word = fc
      .string({ minLength: 1 })
      .filter((text) => !/["\\]/.test(text) && text.replaceAll(/[`*]/g, "") === text && text.trim() !== "");
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(lexArguments(words.map((each) => `"${each}"`).join(" "))).toEqual(words);
      }),
    );
  });

  it("ACC-6 reads back what it quoted, so that a button runs what it says", () => {
    for (const word of [
      "plain",
      "two words",
      'say "hi"',
      "back\\slash",
      "it's",
      "“quoted”",
      '\\"',
      "tab\there",
      "a\\",
    ]) {
      expect(lexArguments(`${quoteWord(word)} next`)).toEqual([word, "next"]);
    }
  });
});
