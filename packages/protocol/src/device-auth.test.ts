import { describe, expect, it } from "vitest";
import { type DeviceClaim, deviceClaimV2, deviceClaimV3 } from "./device-auth.ts";

const claim: DeviceClaim = {
  deviceId: "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e",
  clientId: "cli",
  clientMode: "cli",
  role: "operator",
  scopes: ["operator.read", "operator.write"],
  signedAt: 1737264000000,
  token: "secret",
  nonce: "11111111-2222-3333-4444-555555555555",
  platform: " MacOS 15.1 ",
};

const common =
  "34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e|cli|cli|operator|operator.read,operator.write" +
  "|1737264000000|secret|11111111-2222-3333-4444-555555555555";

describe("what a device signs", () => {
  it("DEV-3 binds platform and device family, trimmed and in lower case", () => {
    expect(deviceClaimV3(claim)).toBe(`v3|${common}|macos 15.1|`);
    expect(deviceClaimV3({ ...claim, platform: "iOS", deviceFamily: "iPhone" })).toBe(`v3|${common}|ios|iphone`);
  });

  it("DEV-3 lowers A-Z only", () => {
    expect(deviceClaimV3({ ...claim, platform: "İÄ" })).toBe(`v3|${common}|İÄ|`);
  });

  it("DEV-3 keeps the older form", () => {
    expect(deviceClaimV2(claim)).toBe(`v2|${common}`);
    expect(deviceClaimV2({ ...claim, token: undefined, scopes: [] })).toBe(
      `v2|${claim.deviceId}|cli|cli|operator||1737264000000||${claim.nonce}`,
    );
  });
});
