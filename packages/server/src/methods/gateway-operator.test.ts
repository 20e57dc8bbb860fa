import { DEFAULT_TENANT, type TenantId } from "@switchboard/domain";
import { expect, it } from "vitest";
import { requireGatewayOperator, tenantAskedAbout } from "./gateway-operator.ts";

const acme = { tenant: "acme" as TenantId };

it("TEN-1 a tenant asks about itself alone, the gateway's operator about every one", () => {
  expect(tenantAskedAbout(acme, undefined)).toBe("acme");
  expect(tenantAskedAbout(acme, "acme")).toBe("acme");
  for (const other of ["globex", DEFAULT_TENANT]) {
    expect(() => tenantAskedAbout(acme, other)).toThrow(expect.objectContaining({ code: "SEC_003" }));
  }
  expect(tenantAskedAbout({ tenant: DEFAULT_TENANT }, "acme")).toBe("acme");
  expect(() => requireGatewayOperator(acme)).toThrow(expect.objectContaining({ code: "SEC_003" }));
  expect(() => requireGatewayOperator({ tenant: DEFAULT_TENANT })).not.toThrow();
});
