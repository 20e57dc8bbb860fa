import { describe, expect, it } from "vitest";
import { auditHash, auditMac, FIRST_PREVIOUS } from "./audit-chain.ts";

/** Hashes that another program, in another language, made of the same rows by the words of the document alone. */
describe("the chain of the audit log", () => {
  it("OPS-4 hashes a row as it is documented", () => {
    const row = {
      tenant: "acme",
      position: 7,
      at: 1_700_000_000_000,
      actor: "operator:1",
      action: "key.made",
      subject: "schl\u00fcssel \u{1f511}",
      outcome: "ok",
      detail: '{"n":1}',
      previous: "a".repeat(64),
    };
    expect(auditHash(row)).toBe("e510803015769a0bf896b87b7527f371a5daa11e81032c6e332ae2ff7b6a7315");
  });

  it("OPS-4 hashes the first row, and what has no detail, too", () => {
    const row = { tenant: "acme", position: 1, at: 1, actor: "system", action: "a.b", subject: "", outcome: "denied" };
    expect(auditHash({ ...row, detail: null, previous: FIRST_PREVIOUS })).toBe(
      "e6f00c318a7f5bdc818fc1b343460c3cc4f1cb93d9cd3e7a0a46d93923a04990",
    );
  });

  it("OPS-4 signs a head as it is documented", () => {
    expect(auditMac("key", "acme", { position: 7, hash: "b".repeat(64), at: 5 })).toBe(
      "348775759a814942ac1c683a0a2a93fc75c8f71e804e9da02e8371695b3c02ca",
    );
  });
});
