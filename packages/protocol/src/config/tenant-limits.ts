/** How much a tenant may use. */
import { type Static, Type } from "@switchboard/domain/schema";
import { strict } from "./section.ts";

const limit = (description: string) =>
  Type.Optional(
    Type.Object(
      {
        soft: Type.Optional(Type.Integer({ minimum: 0, description: "Beyond it operators are warned, once." })),
        hard: Type.Optional(Type.Integer({ minimum: 0, description: "Beyond it nothing is taken." })),
      },
      { ...strict, description },
    ),
  );

/** Days and months are those of UTC. */
export const TenantLimits = Type.Object(
  {
    accounts: limit("Accounts besides those of the configuration."),
    messagesPerDay: limit("Messages, commands and presses of people who were let in."),
    mediaBytesPerDay: limit("Bytes of files that people send, as far as platforms tell their sizes."),
    runsPerDay: limit("Runs of agents."),
    tokensPerDay: limit("Tokens, in and out."),
    tokensPerMonth: limit("Tokens, in and out."),
  },
  strict,
);
export type TenantLimits = Static<typeof TenantLimits>;
