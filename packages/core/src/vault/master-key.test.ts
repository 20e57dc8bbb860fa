import { describe, expect, it } from "vitest";
import { masterKey, masterKeys, masterKeysText, newMasterKey } from "./master-key.ts";

describe("a master key", () => {
  it("CRED-1 is 32 bytes, in hexadecimal or Base64, several between commas or lines", () => {
    const [one, two] = [newMasterKey(), newMasterKey()];
    const text = `${masterKeysText([one])},\n ${Buffer.from(two.bytes).toString("base64")} ${masterKeysText([one])}`;
    expect(masterKeys(text).map(({ id }) => id)).toEqual([one.id, two.id]);
    expect(masterKeys(" \n")).toEqual([]);
    expect(() => masterKey("short")).toThrow("32 bytes");
  });
});
