/** The part of the configuration about accounts: who is heard on them, and how they answer. */
import { type Static, Type } from "@switchboard/domain/schema";
import { Milliseconds, Rate, strict } from "./section.ts";

/** Who may talk on an account, and how what they say is queued. */
export const AccountSettings = Type.Object(
  {
    dmPolicy: Type.Enum(["pairing", "allowlist", "open", "disabled"], {
      default: "pairing",
      description: "Who may write directly. With `pairing` a stranger gets a code that lets an owner approve them.",
    }),
    strangers: Type.Enum(["code", "silent-once-owned"], {
      default: "code",
      description:
        "What a stranger gets under `pairing`: always a code, or no answer any more once the account has an owner, who still learns of the request.",
    }),
    allowFrom: Type.Array(Type.String(), { default: [], description: "Peer ids that may write directly." }),
    groupPolicy: Type.Enum(["allowlist", "open", "disabled"], {
      default: "allowlist",
      description: "In which groups the agent takes part.",
    }),
    groups: Type.Array(Type.String(), { default: [], description: "Conversation ids of allowed groups." }),
    groupAllowFrom: Type.Array(Type.String(), {
      default: [],
      description: "Peer ids that are heard in groups; empty means everyone in an allowed group.",
    }),
    requireMention: Type.Boolean({
      default: true,
      description: "In groups only what is addressed to the account is answered.",
    }),
    owners: Type.Array(Type.String(), {
      default: [],
      description:
        "Peer ids that may use the commands that change a group's session: /new, /stop, /model and the like.",
    }),
    groupCommands: Type.Enum(["owners", "everyone"], {
      default: "owners",
      description: "Who may use those commands in groups. In a direct chat they are everyone's own.",
    }),
    approvals: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "Where requests of people and devices that want to be let in are shown with buttons, written as `switchboard send` takes it: the platform's own id, never a name, and where it has threads `<conversation>:<thread>`. Only owners can press them, whatever else is heard there; everybody there can read who asks.",
      }),
    ),
    queueMode: Type.Enum(["collect", "followup", "interrupt"], {
      default: "collect",
      description: "What a message does that arrives while the agent is busy.",
    }),
    debounceMs: Milliseconds(0, "Wait this long for more before answering."),
    debounceMaxMs: Milliseconds(5_000, "But no longer than this."),
    rateLimit: Type.Optional(Rate({ description: "Sends of the whole account; default what the platform allows." })),
    conversationRateLimit: Type.Optional(
      Rate({ description: "Sends into one conversation; default what the platform allows." }),
    ),
    answerCharacters: Type.Optional(
      Type.Integer({
        minimum: 40,
        description:
          "Ask the agent to say what matters within so many characters, e.g. 300 where every message is paid for; what is longer all the same is split. Default: as long as it likes.",
      }),
    ),
    streaming: Type.Boolean({ default: true, description: "Show long answers while they are written, by edits." }),
    unknownSends: Type.Enum(["resend", "hold"], {
      default: "resend",
      description: "A send whose fate nobody knows: again with a note, or into the dead letters.",
    }),
  },
  strict,
);
export type AccountSettings = Static<typeof AccountSettings>;

/** One account in the configuration file: settings, plus `config` as the channel's own schema asks. */
export const AccountConfig = Type.Object(
  {
    enabled: Type.Boolean({ default: true }),
    config: Type.Record(Type.String(), Type.Unknown(), { default: {} }),
    settings: Type.Partial(AccountSettings, { ...strict, default: {} }),
  },
  strict,
);
export type AccountConfig = Static<typeof AccountConfig>;
