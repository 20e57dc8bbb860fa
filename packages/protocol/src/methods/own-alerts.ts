/** Ours: whether alerts arrive (TEN-5). */
import { Type } from "@switchboard/domain/schema";
import { Closed, Id, Open, Text } from "../schema.ts";
import { method, OWN } from "./method.ts";

export const ownAlertMethods = {
  /**
   * Tells one alert that is marked as a test, once by every way that `alerts` in the configuration names, and answers
   * what became of it. `to`: of a webhook scheme and host, of a chat `<channel>:<account>`; `status`: what the address
   * answered; `state`: of the message, `queued` while it waits for its account.
   */
  "alerts.test": method({
    params: Open({}),
    result: Closed({
      id: Id,
      ways: Type.Array(
        Closed({
          by: Type.Enum(["webhook", "chat"]),
          to: Text,
          arrived: Type.Boolean(),
          status: Type.Optional(Type.Integer()),
          deliveryIds: Type.Optional(Type.Array(Id)),
          state: Type.Optional(Type.Enum(["sent", "queued"])),
          error: Type.Optional(Closed({ code: Text, message: Text, action: Text })),
        }),
      ),
    }),
    scope: "operator.admin",
    role: "operator",
    since: OWN,
    controlPlane: true,
  }),
};
