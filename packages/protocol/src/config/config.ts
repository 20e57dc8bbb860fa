/**
 * The configuration file's schema (OPS-1): `config.json` in the state directory. Everything has a default; an empty
 * object is a valid configuration. Secrets may be given as `{ "env": "NAME" }`.
 */
import { type Static, Type } from "@switchboard/domain/schema";
import { AccountConfig } from "./accounts.ts";
import { AgentConfig } from "./agents.ts";
import { AlertsConfig } from "./alerts.ts";
import { Binding } from "./bindings.ts";
import { DatabaseConfig } from "./database.ts";
import { GatewayConfig } from "./gateway.ts";
import { IdentityConfig } from "./identity.ts";
import { LimitsConfig } from "./limits.ts";
import { RetentionConfig } from "./retention.ts";
import { Milliseconds, strict } from "./section.ts";
import { TurnsConfig } from "./turns.ts";
import { UsageConfig } from "./usage.ts";

export const Config = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    gateway: GatewayConfig,
    agents: Type.Array(AgentConfig, {
      default: [],
      description: "The first is the default; none means the echo agent.",
    }),
    bindings: Type.Array(Binding, { default: [] }),
    channels: Type.Record(Type.String(), Type.Record(Type.String(), AccountConfig), {
      default: {},
      description: "Channel id, then account id.",
    }),
    thirdPartyChannels: Type.Array(Type.String(), {
      default: [],
      description: "npm names of channel packages outside @switchboard that may be loaded.",
    }),
    sessions: Type.Object(
      {
        idleMinutes: Type.Integer({ minimum: 1, default: 30, description: "After this long the history starts anew." }),
        historyEntries: Type.Integer({
          minimum: 1,
          default: 200,
          description: "Most transcript entries an agent is shown.",
        }),
      },
      { ...strict, default: {} },
    ),
    limits: LimitsConfig,
    egress: Type.Object(
      {
        allow: Type.Array(Type.String({ minLength: 1 }), {
          default: [],
          description:
            "Hosts, addresses and ranges, e.g. files.example.lan or 10.0.0.0/8, that may be called although they are not public: where files are fetched from and agents are asked.",
        }),
      },
      { ...strict, default: {} },
    ),
    vault: Type.Object(
      {
        provider: Type.Enum(["file", "system"], {
          default: "file",
          description:
            "Where the encryption key is kept: a file in the state directory, or the system's key store. The variable CHANNEL_ENCRYPTION_KEY goes before both.",
        }),
      },
      { ...strict, default: {} },
    ),
    database: DatabaseConfig,
    identity: IdentityConfig,
    turns: TurnsConfig,
    classifier: Type.Object(
      {
        enabled: Type.Boolean({ default: false, description: "Let a model map free text to a command." }),
        agent: Type.Optional(Type.String({ description: "Whose model decides; default the default agent." })),
        timeoutMs: Milliseconds(4_000, "Afterwards the text goes to the agent as it is."),
      },
      { ...strict, default: {} },
    ),
    retention: RetentionConfig,
    usage: UsageConfig,
    alerts: AlertsConfig,
    log: Type.Object(
      {
        level: Type.Enum(["silent", "fatal", "error", "warn", "info", "debug", "trace"], { default: "info" }),
        pretty: Type.Optional(Type.Boolean({ description: "Default: when standard output is a terminal." })),
      },
      { ...strict, default: {} },
    ),
  },
  strict,
);
export type Config = Static<typeof Config>;
