/** The part of the configuration about how much is taken: of a person, a platform, a tenant, and in one message. */
import { Type } from "@switchboard/domain/schema";
import { RequestLimits } from "./request-limits.ts";
import { Milliseconds, Rate, strict } from "./section.ts";
import { TenantLimits } from "./tenant-limits.ts";

export const LimitsConfig = Type.Object(
  {
    userPerMinute: Type.Integer({ minimum: 1, default: 60 }),
    userBurst: Type.Integer({ minimum: 1, default: 20 }),
    inboundCharacters: Type.Integer({ minimum: 1, default: 65_536 }),
    attachmentBytes: Type.Integer({ minimum: 1, default: 20 * 1024 * 1024 }),
    platforms: Type.Record(Type.String(), Rate(), {
      default: {},
      description: "Sends of all accounts of a channel together, by channel id.",
    }),
    tenant: Type.Object(TenantLimits.properties, {
      ...strict,
      default: {},
      description: "Of every tenant, unless it has limits of its own: switchboard limits.",
    }),
    tenantText: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description: "What people are told once when a limit of the tenant is reached, e.g. in their language.",
      }),
    ),
    requests: RequestLimits,
    messageTtlMs: Milliseconds(24 * 3_600_000, "A message that waited longer is not sent any more."),
  },
  { ...strict, default: {} },
);
