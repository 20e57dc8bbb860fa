import { describe, expect, it } from "vitest";
import { readFingerprint } from "./tls-fingerprint.ts";

const DIGITS = "0123456789abcdef".repeat(4);
const colons = DIGITS.match(/../g)?.join(":") ?? "";

describe("a certificate's fingerprint", () => {
  it.each([
    DIGITS,
    DIGITS.toUpperCase(),
    colons,
    colons.toUpperCase(),
    ` ${colons}\n`,
    `sha256:${DIGITS}`,
    `SHA-256=${colons}`,
  ])("DEV-11 %j has one spelling", (text) => {
    expect(readFingerprint(text)).toBe(DIGITS);
  });

  it.each([
    "",
    " ",
    ":",
    "sha256:",
    "sha1:0123456789abcdef0123456789abcdef01234567",
    DIGITS.slice(1),
    `${DIGITS}0`,
    `${DIGITS.slice(0, -1)}g`,
    colons.slice(1),
    `${colons}:`,
    colons.replace(":", "::"),
    colons.replace(":", ""),
    colons.replaceAll(":", " "),
    `${DIGITS} ${DIGITS}`,
  ])("CVE-2026-100551 %j is none, and never means that anything goes", (text) => {
    expect(() => readFingerprint(text)).toThrow(expect.objectContaining({ code: "REQ_001" }));
  });
});
