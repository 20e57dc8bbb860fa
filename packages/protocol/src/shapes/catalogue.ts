/** What can be chosen and typed in a chat. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Closed, Text } from "../schema.ts";

export const commandFields = {
  name: Text,
  nativeName: Type.Optional(Text),
  textAliases: Type.Optional(Type.Array(Text)),
  description: Type.String(),
  source: Type.Literal("native"),
  acceptsArgs: Type.Boolean(),
};

/** A chat command. */
export const CommandEntry = Closed({
  ...commandFields,
  scope: Type.Literal("both"),
  category: Type.Optional(Type.Enum(["session", "options", "status", "management"])),
});
export type CommandEntry = Static<typeof CommandEntry>;

export const modelFields = {
  id: Text,
  name: Text,
  provider: Text,
  contextWindow: Type.Optional(Type.Integer({ minimum: 1 })),
};

export const ModelChoice = Closed(modelFields);
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
