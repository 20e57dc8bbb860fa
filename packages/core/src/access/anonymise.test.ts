import type { AccountRef, SessionKey, TenantId } from "@switchboard/domain";
import { describe, expect, it } from "vitest";
import { anonymousPeer, anonymousSession } from "./anonymise.ts";

describe("OPS-4 peers in the audit log", () => {
  const [one, two] = [{ auditKey: "one key" }, { auditKey: "another key" }];

  it("OPS-4 are recognised again by who has the key, and cannot be guessed by who has not", () => {
    expect(anonymousPeer(one, "12345")).toMatch(/^peer:[0-9a-f]{16}$/);
    expect(anonymousPeer(one, "12345")).toBe(anonymousPeer({ ...one }, "12345"));
    expect(anonymousPeer(one, "12346")).not.toBe(anonymousPeer(one, "12345"));
    expect(anonymousPeer(two, "12345")).not.toBe(anonymousPeer(one, "12345"));
  });

  it("OPS-4 a session key tells with whom it is by the same hash, threads included", () => {
    const accounts = { get: ({ account }: AccountRef) => (account === "default" ? one : undefined) };
    const tenant = "t" as TenantId;
    const of = (key: string) => anonymousSession(accounts, tenant, key as SessionKey);
    expect(of("agent:main:test:default:direct:12345")).toBe(
      `agent:main:test:default:direct:${anonymousPeer(one, "12345")}`,
    );
    expect(of("agent:main:test:default:group:-7:topic:12345")).toMatch(/:group:peer:[0-9a-f]{16}$/);
    expect(of("agent:main:test:gone:direct:12345")).toBe("agent:main:test:gone:direct:peer:unknown");
    expect(of("agent:main:main")).toBe("agent:main:main");
  });
});
