import { describe, expect, it } from "vitest";
import { csvLine } from "./csv.ts";

describe("tables as CSV", () => {
  it("TEN-7 quotes what has commas, quotes and line breaks, and leaves out what is not there", () => {
    expect(csvLine(["plain", "a,b", 'say "hi"', "two\nlines", 7, undefined])).toBe(
      'plain,"a,b","say ""hi""","two\nlines",7,\r\n',
    );
  });

  it.each(["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "\r=1"])("SEC-7 a spreadsheet does not compute %j", (text) => {
    expect(csvLine([text]).replace(/^"/, "").startsWith("'")).toBe(true);
  });

  it("numbers stay numbers", () => {
    expect(csvLine([-1, 0.5])).toBe("-1,0.5\r\n");
  });
});
