import { describe, expect, it } from "vitest";
import { misleads } from "./labels.ts";

describe("MSG-4 labels of links that read like another address", () => {
  it.each([
    "https://good.example",
    "HTTPS://GOOD.EXAMPLE/a?b#c",
    "www.good.example",
    "good.example",
    "Sign in at good.example today",
    "https://evil.example and https://good.example",
    "https://evil.example@good.example",
    "support@good.example",
    "good\u200b.example",
    "good\u3002example",
    "ｇｏｏｄ.ｅｘａｍｐｌｅ",
    "https://10.0.0.1/",
    "ftp://localhost",
    "bücher.example",
  ])("%s over https://evil.example does", (label) => {
    expect(misleads(label, "https://evil.example/good.example")).toBe(true);
  });

  it.each([
    ["the report", "https://evil.example"],
    ["report.pdf and main.ts", "https://evil.example"],
    ["e.g. 3.14, v1.2", "https://evil.example"],
    ["", "https://evil.example"],
    ["good.example", "https://www.good.example/a"],
    ["https://good.example/a", "http://GOOD.example:8080/b"],
    ["bücher.example", "https://xn--bcher-kva.example/"],
    ["me@good.example", "mailto:you@good.example?subject=a@b.c"],
  ])("%s over %s does not", (label, url) => {
    expect(misleads(label, url)).toBe(false);
  });

  it("a mail address over another host's does", () => {
    expect(misleads("me@good.example", "mailto:me@evil.example?cc=me@good.example")).toBe(true);
  });

  it("a long label is looked at in no time", () => {
    for (const label of ["a.".repeat(50_000), `${"a".repeat(100_000)}:`, "a@".repeat(50_000), "-.".repeat(50_000)]) {
      expect(misleads(label, "https://evil.example")).toBe(false);
    }
  }, 5_000);
});
