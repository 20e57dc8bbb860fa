/** The gateway's log. */
import { Type } from "@switchboard/domain/schema";
import { Closed, Count, Open, Text } from "../schema.ts";
import { BASE, method } from "./method.ts";

export const logMethods = {
  /**
   * Lines of the log file, JSON each; without `cursor` the newest. `cursor` and `size` count bytes over all files that
   * the log ever had, so that nothing is missed when it begins a new one.
   */
  "logs.tail": method({
    params: Open({
      /** The `cursor` of the answer before. */
      cursor: Type.Optional(Count),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 5_000, description: "Default 500." })),
      maxBytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: "Default 250000." })),
    }),
    result: Closed({
      /** The file's name; its whole path for admins. */
      file: Text,
      cursor: Count,
      size: Count,
      lines: Type.Array(Type.String()),
      /** Older lines were left out: there were more than `limit` or `maxBytes` allow. */
      truncated: Type.Optional(Type.Boolean()),
      /** What `cursor` pointed at is gone; these are the newest lines. */
      reset: Type.Optional(Type.Boolean()),
      skippedBytes: Type.Optional(Count),
    }),
    scope: "operator.read",
    role: "operator",
    since: BASE,
  }),
};
