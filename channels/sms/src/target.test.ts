import { describe, expect, it } from "vitest";
import { parseTarget } from "./target.ts";

describe("CH-6 addresses", () => {
  it.each([
    ["+15551234567", "+15551234567"],
    [" +1 (555) 123-4567 ", "+15551234567"],
    ["+1.555.123.4567", "+15551234567"],
    ["+49 30 901820", "+4930901820"],
    ["12345", "12345"],
  ])("reads %s", (text, number) => {
    expect(parseTarget(text)).toEqual({ conversation: number, kind: "direct", peer: number });
  });

  it.each([
    "",
    "Ann",
    "+0123456",
    "+1",
    "5551234567890123",
    "+1555123456789012",
    "whatsapp:+15551234567",
    "+1555x123",
    "@name",
  ])("REQ_001 refuses %s and says how to write it", (text) => {
    expect(() => parseTarget(text)).toThrow(/country code/);
  });
});
