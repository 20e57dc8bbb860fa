import type { AccountRef } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { publishedPath, readPublished } from "./published-media.ts";

const KEY = "the key of the account";
const ref = { tenant: "default", channel: "chat", account: "one" } as AccountRef;
const file = {
  kind: "image",
  source: { blob: "a".repeat(64) },
  mimeType: "image/png",
  fileName: "a picture.png",
} as const;
const NOW = 1_700_000_000_000;

const tokenOf = (path: string) => decodeURIComponent(path.split("/").at(-2) ?? "");
const read = (token: string, at = NOW, key = KEY) => readPublished(key, token, at);

describe("MSG-6 published files", () => {
  const path = publishedPath(KEY, ref, file, NOW + 1_000);
  const token = tokenOf(path);

  it("have an address that says what they are, until its time is over", () => {
    expect(path).toMatch(/^\/media\/published\/chat\/default\/one\/[\w.-]+\/a-picture\.png$/);
    expect(read(token)).toEqual(file);
    expect(() => read(token, NOW + 1_000)).toThrow(expect.objectContaining({ code: "REQ_002" }));
  });

  it("CVE-2026-28467 are read by nobody who changes a character, with no other key: each account has its own", () => {
    for (let at = 0; at < token.length; at++) {
      const forged = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      expect(() => read(forged), `${at}`).toThrow(expect.objectContaining({ code: "REQ_002" }));
    }
    for (const forged of ["", ".", token.slice(0, -1), `${token}A`, `.${token}`, token.replace(".", ""), "null.null"]) {
      expect(() => read(forged)).toThrow(expect.objectContaining({ code: "REQ_002" }));
    }
    expect(() => read(token, NOW, "the key of another")).toThrow(expect.objectContaining({ code: "REQ_002" }));
  });

  it("have names that any server takes", () => {
    for (const [fileName, shown] of [
      ["../../etc/passwd", "etc-passwd"],
      ['a"b\r\nc.png', "a-b-c.png"],
      ["日本.jpg", "-.jpg"],
      ["", "file"],
    ] as const) {
      const last =
        publishedPath(KEY, ref, { ...file, fileName }, NOW)
          .split("/")
          .at(-1) ?? "";
      expect(decodeURIComponent(last).replace(/^-(?=[a-z])/, "")).toBe(shown);
    }
  });
});
