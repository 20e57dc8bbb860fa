/** Who did what: a chain of hashes for each tenant, which is read, exported, and verified. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, cursorField, Id, Open, pageFields, Text, Time } from "../schema.ts";
import { ofTenant } from "../shapes/usage.ts";
import { method, OWN } from "./method.ts";

const hash = Type.String({ pattern: "^[0-9a-f]{64}$" });

/** How far a chain goes, or where it begins. */
const anchor = Closed({ position: Count, hash });

const entry = {
  seq: Count,
  at: Time,
  /** `system`, `operator:<id>` or `peer:<hash>`. */
  actor: Text,
  action: Text,
  subject: Type.String(),
  outcome: Type.Enum(["ok", "denied", "failed"]),
  /** Its place in the tenant's chain, the hash of the row before, and its own. */
  position: Count,
  previous: hash,
  hash,
};

export const exportFields = { after: Type.Optional(Count), limit: pageFields.limit };

export const verifyFields = {
  /**
   * A head that was noted earlier, `<position>:<hash>`: it must still be part of the chain. See `notedGone` for one that
   * is older than what is left.
   */
  noted: Type.Optional(Type.String({ pattern: "^[0-9]{1,15}:[0-9a-f]{64}$" })),
};

export const auditLogMethods = {
  /** Newest first. Not `audit.list`, which elsewhere lists what agents did. */
  "auditLog.list": method({
    params: Open({ ...pageFields, action: Type.Optional(Id) }),
    result: Closed({
      entries: Type.Array(Closed({ ...entry, detail: Type.Optional(Type.Unknown()) })),
      ...cursorField,
    }),
    scope: "operator.read",
    role: "operator",
    since: OWN,
  }),

  /** Oldest first, word for word as it is hashed, behind a position. `begin`: what the first row that is left follows. */
  "auditLog.export": method({
    params: Open({ ...exportFields, ...ofTenant }),
    result: Closed({
      tenant: Text,
      begin: anchor,
      head: anchor,
      rows: Type.Array(
        Closed({
          ...entry,
          tenant: Type.String(),
          actor: Type.String(),
          action: Type.String(),
          outcome: Type.String(),
          previous: Type.String(),
          hash: Type.String(),
          /** The text of its JSON. */
          detail: Type.Union([Type.String(), Type.Null()]),
        }),
      ),
      /** Where to go on; absent at the end. */
      next: Type.Optional(Count),
    }),
    scope: "operator.admin",
    role: "operator",
    since: OWN,
  }),

  /**
   * Whether every row is what was written. `broken`: the first that is not, or the one that should be there. `missing` at
   * the position of `begin`: the rows up to there were deleted before `retention.auditDays` were over.
   */
  "auditLog.verify": method({
    params: Open({ ...verifyFields, ...ofTenant }),
    result: Closed({
      tenant: Text,
      rows: Count,
      begin: anchor,
      head: anchor,
      /** Signed heads, and of these what could not be proven because the vault's key is not at hand. */
      seals: Count,
      unproven: Count,
      /** The noted head lies before `begin`: whether it was part of the chain cannot be checked any more. */
      notedGone: Type.Optional(Type.Literal(true)),
      broken: Type.Optional(
        Closed({
          position: Count,
          problem: Type.Enum(["missing", "moved", "changed", "unlinked", "cut", "seal"]),
        }),
      ),
    }),
    scope: "operator.admin",
    role: "operator",
    since: OWN,
  }),
};
