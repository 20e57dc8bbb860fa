/** Ours: the keys that secrets are sealed with. None of these ever shows a key, only ids. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Id, Open, Text, Time } from "../schema.ts";
import { method, OWN } from "./method.ts";

/** Where to go on; absent when everything was seen. */
const next = { next: Type.Optional(Id) };
const after = { after: Type.Optional(Id) };
/** What is wrong with the keys at hand, in words. */
const trouble = { trouble: Type.Optional(Text) };
const admin = { scope: "operator.admin", role: "operator", since: OWN } as const;

export const ownVaultMethods = {
  "vault.status": method({
    params: Open(after),
    result: Closed({
      provider: Type.Enum(["environment", "file", "system"]),
      place: Text,
      /** `wraps`: how many keys of tenants. */
      masters: Type.Array(Closed({ id: Id, atHand: Type.Boolean(), seals: Type.Boolean(), wraps: Count })),
      tenants: Type.Array(
        Closed({
          tenant: Id,
          keys: Type.Array(
            Closed({
              id: Id,
              purpose: Type.Enum(["seal", "derive"]),
              generation: Count,
              master: Id,
              createdAt: Time,
              values: Count,
            }),
          ),
          values: Count,
          /** Sealed with none of the keys. */
          keyless: Count,
        }),
      ),
      ...trouble,
      ...next,
    }),
    ...admin,
  }),

  /**
   * Without `after`: makes a new master key, or goes on with the one of a rotation that did not end. Ask again with
   * `after` until there is no `next`, with the same options.
   */
  "vault.rotate": method({
    params: Open({ ...after, dataKeys: Type.Optional(Type.Boolean()), forgetOld: Type.Optional(Type.Boolean()) }),
    result: Closed({
      master: Id,
      /** An earlier rotation's key was taken. */
      resumed: Type.Boolean(),
      tenants: Count,
      rewrapped: Count,
      resealed: Count,
      /** Ids of master keys that are not kept any more. */
      forgotten: Type.Array(Id),
      ...next,
    }),
    ...admin,
  }),

  /** Opens everything, and names what cannot be opened. */
  "vault.verify": method({
    params: Open(after),
    result: Closed({
      keys: Count,
      values: Count,
      unopened: Type.Array(
        Closed({
          tenant: Id,
          channel: Type.Optional(Id),
          account: Type.Optional(Id),
          kind: Type.Enum(["credential", "memory", "key"]),
          key: Type.String(),
          why: Text,
        }),
      ),
      ...trouble,
      ...next,
    }),
    ...admin,
  }),

  /** Ends everything that is sealed for a tenant. `confirm`: its id once more. */
  "vault.shred": method({
    params: Open({ tenant: Id, confirm: Id }),
    result: Closed({ keys: Count, accounts: Count }),
    controlPlane: true,
    ...admin,
  }),
};
