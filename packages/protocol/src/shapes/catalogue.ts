/** What can be chosen and typed in a chat. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Text } from "../schema.ts";

/** A chat command. */
export const CommandEntry = Closed({
  name: Text,
  nativeName: Type.Optional(Text),
  textAliases: Type.Optional(Type.Array(Text)),
  description: Type.String(),
  category: Type.Optional(Type.Enum(["session", "options", "status", "management"])),
  source: Type.Literal("native"),
  scope: Type.Literal("both"),
  acceptsArgs: Type.Boolean(),
});
export type CommandEntry = Static<typeof CommandEntry>;

export const ModelChoice = Closed({
  id: Text,
  name: Text,
  provider: Text,
  contextWindow: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type ModelChoice = Static<typeof ModelChoice>;

export const AgentsList = Closed({
  defaultId: Text,
  mainKey: Text,
  scope: Type.Enum(["per-sender", "global"]),
  agents: Type.Array(
    Closed({
      id: Text,
      name: Type.Optional(Text),
      model: Type.Optional(Closed({ primary: Type.Optional(Text) })),
    }),
  ),
});
