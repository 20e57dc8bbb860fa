import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { finderOf } from "./finder.ts";

const value = `planted/${randomBytes(16).toString("hex")}+"quoted"`;
const key = randomBytes(32);
const find = finderOf([
  { name: "a password", value },
  { name: "a key", value: key.toString("hex") },
]);
const hidden = Buffer.from(value);

describe("CRED-3 what looks for secrets", () => {
  it.each([
    ["as it is", value],
    ["a piece of it", value.slice(10, 22)],
    ["backwards", [...value].reverse().join("")],
    ["in an address", encodeURIComponent(value)],
    ["in JSON", JSON.stringify({ value })],
    ["as base64", hidden.toString("base64")],
    ["as base64 after one more byte", Buffer.concat([Buffer.from("x"), hidden]).toString("base64")],
    ["as base64 after two more bytes", Buffer.concat([Buffer.from("xx"), hidden]).toString("base64url")],
    ["as hex", hidden.toString("hex")],
    ["as upper-case hex", hidden.toString("hex").toUpperCase()],
    ["as a key", key.toString("hex")],
    ["as a key's bytes", key.toString("latin1")],
    ["as a key's base64", key.toString("base64")],
  ])("finds one %s", (_form, text) => {
    const finds = find("somewhere", `before it ${text} after it`);
    expect(finds).not.toEqual([]);
    expect(finds[0]).toMatchObject({ place: "somewhere" });
    expect(JSON.stringify(finds)).not.toContain(value);
  });

  it("finds nothing where there is none, nor in less than twelve characters of one", () => {
    expect(find("somewhere", randomBytes(100_000).toString("latin1"))).toEqual([]);
    expect(find("somewhere", `before it ${value.slice(10, 21)} after it`)).toEqual([]);
  });

  it("takes none that is too short to be found", () => {
    expect(() => finderOf([{ name: "short", value: "0123456789a" }])).toThrow("too short");
  });
});
