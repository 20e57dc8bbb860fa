import { describe, expect, it } from "vitest";
import { parseWebchatKey, webchatKey } from "./channel.ts";

describe("keys of WebChat's events", () => {
  it("CH-10 tell the run, whatever it is called and whatever the inbox added", () => {
    for (const run of ["r", "a~b", "two\nlines", "~"]) {
      const key = webchatKey("agent:main:webchat:default:direct:main", run);
      for (const each of [key, `${key}~fingerprint`, `${key}~finger~fingerprint`]) {
        expect(parseWebchatKey(each)).toEqual({ session: "agent:main:webchat:default:direct:main", run });
      }
    }
    for (const other of ["", "update-7", "\n\n", "a\nb"]) expect(parseWebchatKey(other)).toBeUndefined();
  });
});
