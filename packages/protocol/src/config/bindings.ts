/** The part of the configuration that says which agent a conversation speaks with. */
import { type Static, Type } from "@switchboard/domain/schema";
import { strict } from "./section.ts";

export const Binding = Type.Object(
  {
    agent: Type.String({ minLength: 1 }),
    tenant: Type.Optional(Type.String({ description: "Its id: switchboard tenants list." })),
    channel: Type.Optional(Type.String()),
    account: Type.Optional(Type.String()),
    conversation: Type.Optional(Type.String()),
    kind: Type.Optional(Type.Enum(["direct", "group", "channel"])),
  },
  { ...strict, description: "The first binding whose every given field matches decides the agent." },
);
export type Binding = Static<typeof Binding>;
