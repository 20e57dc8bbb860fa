import { noLog, systemClock } from "@switchboard/core";
import { DEFAULT_TENANT, type TenantId } from "@switchboard/domain";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it } from "vitest";
import { openPeople } from "./people.ts";
import { scopesOf } from "./principal.ts";
import { requireStill } from "./still.ts";

it("TEN-1 what takes its time asks again: of keys as they are, of tenants that were suspended or are gone", async () => {
  await using directory = await temporaryDirectory();
  const people = await openPeople({
    stateDirectory: directory.path,
    url: undefined,
    ownerUrl: undefined,
    settings: {
      enabled: true,
      signUp: "invite",
      sessionDays: 1,
      providers: [],
      ethereum: { enabled: false, chains: [1] },
    },
    cookieSecret: async () => "only for tests",
    audit: async () => {},
    clock: systemClock,
    log: noLog,
  });
  const { id } = await people.tenants.create("Acme");
  const operator = { kind: "operator", id: "operator", tenant: id, role: "owner", scopes: scopesOf("owner") } as const;
  const newKey = async () => {
    const made = await people.keys.create(operator, { name: "k", scopes: ["channels:write"] });
    return people.keys.principalOf(made.secret);
  };
  const key = await newKey();
  const other = await newKey();
  await requireStill({ people }, key, "channels:write");
  await expect(requireStill({ people }, key, "members:write")).rejects.toMatchObject({ code: "SEC_003" });
  const person = { ...operator, kind: "person", id: "person:nobody" } as const;
  await expect(requireStill({ people }, person, "channels:write")).rejects.toMatchObject({ code: "SEC_003" });

  await people.tenants.suspend(id);
  await expect(requireStill({ people }, key, "channels:write")).rejects.toMatchObject({ code: "SEC_009" });
  await people.tenants.admit(id);
  await people.keys.revoke(id as TenantId, other.id.slice("key:".length));
  await expect(requireStill({ people }, other, "channels:write")).rejects.toMatchObject({ code: "REQ_005" });
  await requireStill({ people }, key, "channels:write");
  await people.tenants.remove(id);
  await expect(requireStill({ people }, key, "channels:write")).rejects.toMatchObject({ code: "REQ_005" });
  await requireStill({ people }, { ...operator, tenant: DEFAULT_TENANT }, "channels:write");
  await people.close();
});
