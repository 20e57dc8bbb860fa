import { DEFAULT_TENANT, type TenantId } from "@switchboard/domain";
import { expect, it } from "vitest";
import type { CallContext } from "../ws/index.ts";
import { forGatewayOperator, requireGatewayOperator, tenantAskedAbout } from "./gateway-operator.ts";

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

it("TEN-1 what all tenants share is shown to the gateway's operator only", () => {
  const { "logs.tail": tail } = forGatewayOperator({
    "logs.tail": () => ({ file: "gateway.log", cursor: 0, size: 0, lines: [], truncated: false, reset: false }),
  });
  const as = (tenant: string) => ({ tenant }) as CallContext<"logs.tail">;
  expect(() => tail?.({}, as("acme"))).toThrow(expect.objectContaining({ code: "SEC_003" }));
  expect(tail?.({}, as(DEFAULT_TENANT))).toMatchObject({ file: "gateway.log" });
});
