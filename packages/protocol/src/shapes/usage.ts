/** Which part of what was used is asked for. */
import { Type } from "@switchboard/domain/schema";

export const usageDate = Type.Optional(Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }));

/** Days in UTC, `YYYY-MM-DD`, both inclusive; default the last 30. */
export const usageSpan = { from: usageDate, to: usageDate };

export const usageBy = { by: Type.Optional(Type.Enum(["day", "account", "agent", "session", "model"])) };
