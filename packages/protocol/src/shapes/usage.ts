/** Which part of what was used is asked for. */
import { Type } from "@switchboard/domain/schema";
import { Id } from "../schema.ts";

export const usageDate = Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }));

/** Whose; the caller's own without it. Only the gateway's own operator may name another. */
export const ofTenant = { tenant: Type.Optional(Id) };

/** Days in UTC, `YYYY-MM-DD`, both inclusive; default the last 30. */
export const usageSpan = { from: usageDate, to: usageDate };

export const usageBy = { by: Type.Optional(Type.Enum(["day", "account", "agent", "session", "model"])) };
