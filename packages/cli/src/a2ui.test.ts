import { describe, expect, it } from "vitest";
import { a2uiLines, a2uiText } from "./a2ui.ts";

const BEGIN = '{"beginRendering":{"surfaceId":"main","root":"root"}}';
const CREATE = '{"version":"v0.9","createSurface":{"surfaceId":"main","catalogId":"basic"}}';

describe("A2UI messages that are handed in", () => {
  it("DEV-11 come through as they are, without empty lines", () => {
    expect(a2uiLines(`\n ${BEGIN}\r\n\n${BEGIN}`)).toBe(`${BEGIN}\n${BEGIN}\n`);
    expect(a2uiLines(CREATE)).toBe(`${CREATE}\n`);
  });

  it("DEV-11 can be only a text", () => {
    const text = 'She said "no"\n</script>';
    const lines = a2uiText(text);
    expect(a2uiLines(lines)).toBe(lines);
    expect(lines).toContain(JSON.stringify(text));
  });

  it.each([
    ["", "no A2UI messages"],
    ["\n \n", "no A2UI messages"],
    [`${BEGIN}\nnonsense`, "Line 2 is no JSON object"],
    ["[]", "Line 1 is no JSON object"],
    ["null", "Line 1 is no JSON object"],
    ['{"createSurface":{}}', "no message of A2UI v0.8"],
    ['{"version":"v0.9","beginRendering":{}}', "no message of A2UI v0.9"],
    ['{"beginRendering":{},"deleteSurface":{}}', "exactly one of beginRendering"],
    ['{"toString":{}}', "exactly one of"],
    ['{"version":"v0.8","beginRendering":{}}', 'not known: "v0.8"'],
    [`${BEGIN}\n${CREATE}`, "v0.8 and of v0.9"],
  ])("DEV-11 %j is refused", (text, words) => {
    expect(() => a2uiLines(text)).toThrow(words);
  });
});
