/** How often a tenant may ask for what costs others something. */
import { Type } from "@switchboard/domain/schema";
import { strict } from "./section.ts";

const limit = (calls: number, seconds: number, description: string) =>
  Type.Object(
    {
      calls: Type.Integer({ minimum: 1, default: calls }),
      seconds: Type.Integer({ minimum: 1, maximum: 86_400, default: seconds }),
    },
    { ...strict, default: {}, description },
  );

/** Each route counts apart. */
export const RequestLimits = Type.Object(
  {
    channels: limit(
      60,
      600,
      "Connecting an account, disconnecting it, beginning to log it in, making it, deleting it.",
    ),
    invitations: limit(100, 3_600, "Inviting people."),
    reports: limit(120, 60, "Asking what was used."),
  },
  {
    ...strict,
    default: {},
    description: "How often one tenant may use a route of the REST API within so many seconds, on all nodes together.",
  },
);
