/**
 * The configuration file's schema (OPS-1): `config.json` in the state directory. Everything has a default; an empty
 * object is a valid configuration. Secrets may be given as `{ "env": "NAME" }`.
 */
import { type Static, Type } from "@switchboard/domain/schema";
import { AlertsConfig } from "./alerts-config.ts";
import { Attribution } from "./attribution.ts";
import { IdentityConfig } from "./identity-config.ts";
import { RequestLimits } from "./request-limits.ts";
import { SecretRef } from "./secret-ref.ts";
import { TenantLimits } from "./tenant-limits.ts";

export type { IdentityProvider } from "./identity-config.ts";
export { SecretRef };

const strict = { additionalProperties: false } as const;

const Milliseconds = (fallback: number, description: string) =>
  Type.Integer({ minimum: 0, default: fallback, description });

export const AgentConfig = Type.Object(
  {
    id: Type.String({
      pattern: "^[a-z0-9][a-z0-9-]{0,63}$",
      description: "Part of session keys; do not change it later.",
    }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    runtime: Type.Enum(["echo", "openai", "anthropic", "webhook", "websocket"], {
      default: "echo",
      description:
        "`openai` is any OpenAI-compatible endpoint. `webhook` and `websocket` are programs of your own, asked at their address or over a connection that they open: docs/guides/connect-your-own-agent.md.",
    }),
    model: Type.Optional(Type.String({ minLength: 1 })),
    models: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        description: "Models a chat user may choose from with /model and /menu.",
      }),
    ),
    baseUrl: Type.Optional(Type.String({ format: "url" })),
    apiKey: Type.Optional(SecretRef),
    url: Type.Optional(
      Type.String({
        format: "url",
        description: "Where a `webhook` agent is asked. Private addresses need egress.allow.",
      }),
    ),
    signingSecret: Type.Optional(
      Type.Union([SecretRef, Type.Array(SecretRef, { minItems: 1, maxItems: 4 })], {
        description:
          "`whsec_` and base64: what a `webhook` agent's requests are signed with. While you change it: new and old.",
      }),
    ),
    answerLaterMs: Milliseconds(
      900_000,
      "So long a `webhook` or `websocket` agent that said it answers later has time; until then its session waits. 0: it answers at once.",
    ),
    waitMs: Milliseconds(
      900_000,
      "So long a turn waits for a `websocket` agent that is not connected, or takes no more turns; then the person is told.",
    ),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    attribution: Type.Optional(Attribution),
    instructions: Type.Optional(Type.String({ description: "The system prompt." })),
    contextTokens: Type.Integer({
      minimum: 512,
      default: 32_000,
      description: "The model's window; history is trimmed to it.",
    }),
    maxOutputTokens: Type.Optional(Type.Integer({ minimum: 1 })),
    temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
    timeoutMs: Milliseconds(120_000, "The whole run may take this long."),
    idleTimeoutMs: Milliseconds(45_000, "The model may be silent this long."),
    tools: Type.Boolean({
      default: true,
      description: "Offer the gateway's tools (choices, scheduled messages, files).",
    }),
    maxToolRounds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 50,
        description: "How often the model may use tools before it has to answer; default 8.",
      }),
    ),
    images: Type.Optional(
      Type.Boolean({
        description: "Whether the model is shown pictures; default: yes, unless the provider refuses them.",
      }),
    ),
  },
  strict,
);
export type AgentConfig = Static<typeof AgentConfig>;

/** An agent as the engine sees it: secrets resolved. */
export type AgentSettings = Omit<AgentConfig, "apiKey" | "signingSecret"> & {
  readonly apiKey?: string;
  readonly signingSecret?: string | readonly string[];
};

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
    rateLimit: Type.Optional(
      Type.Object(
        { perSecond: Type.Number({ exclusiveMinimum: 0 }), burst: Type.Integer({ minimum: 1 }) },
        { ...strict, description: "Sends of the whole account; default what the platform allows." },
      ),
    ),
    conversationRateLimit: Type.Optional(
      Type.Object(
        { perSecond: Type.Number({ exclusiveMinimum: 0 }), burst: Type.Integer({ minimum: 1 }) },
        { ...strict, description: "Sends into one conversation; default what the platform allows." },
      ),
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

export const GatewayConfig = Type.Object(
  {
    host: Type.String({ default: "127.0.0.1" }),
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: 18_789, description: "0 takes any free port." }),
    publicUrl: Type.Optional(
      Type.String({ format: "url", description: "How platforms reach this gateway; needed for webhooks." }),
    ),
    auth: Type.Object(
      {
        mode: Type.Optional(
          Type.Enum(["token", "password", "trusted-proxy", "none"], {
            description: "Default `password` when there is one, else `token`.",
          }),
        ),
        token: Type.Optional(SecretRef),
        password: Type.Optional(SecretRef),
        trustedProxy: Type.Optional(
          Type.Object(
            {
              userHeader: Type.String({
                minLength: 1,
                description: "Names the person, e.g. x-forwarded-user. The proxy must remove what visitors send.",
              }),
              requiredHeaders: Type.Array(Type.String({ minLength: 1 }), { default: [] }),
              allowUsers: Type.Array(Type.String({ minLength: 1 }), {
                default: [],
                description: "Empty: everybody whom the proxy lets through.",
              }),
            },
            { ...strict, description: "For mode `trusted-proxy`; the proxy itself is named in trustedProxies." },
          ),
        ),
        tailscale: Type.Boolean({
          default: false,
          description: "Believe Tailscale's proxy on this machine about who visits, once its daemon confirms.",
        }),
      },
      { ...strict, default: {} },
    ),
    pairing: Type.Object(
      {
        autoApproveLocal: Type.Boolean({
          default: true,
          description: "Devices on this machine that show the gateway's secret need no approval.",
        }),
        setupCodes: Type.Enum(["approve", "trust"], {
          default: "approve",
          description: "`trust`: whoever presents a setup code first is let in without a further approval.",
        }),
      },
      { ...strict, default: {} },
    ),
    tls: Type.Object(
      {
        enabled: Type.Boolean({ default: false, description: "Serve https and wss, and nothing else, on the port." }),
        certPath: Type.Optional(
          Type.String({
            minLength: 1,
            description: "A certificate with its chain, PEM; relative to the state directory.",
          }),
        ),
        keyPath: Type.Optional(Type.String({ minLength: 1, description: "Its private key, PEM." })),
        autoGenerate: Type.Boolean({
          default: true,
          description: "Without files: make a certificate at the first start; clients pin its fingerprint.",
        }),
      },
      { ...strict, default: {} },
    ),
    nodes: Type.Object(
      {
        commands: Type.Object(
          {
            allow: Type.Array(Type.String({ minLength: 1 }), {
              default: [],
              description:
                "Commands of nodes that may be approved besides those usual on their platform, e.g. camera.snap.",
            }),
            deny: Type.Array(Type.String({ minLength: 1 }), {
              default: [],
              description: "Commands of nodes that are never called, whatever was approved.",
            }),
          },
          { ...strict, default: {} },
        ),
      },
      { ...strict, default: {} },
    ),
    allowedOrigins: Type.Array(Type.String(), { default: [], description: "Web origins besides the gateway's own." }),
    trustedProxies: Type.Array(Type.String(), {
      default: [],
      description: "Addresses whose forwarding headers are believed.",
    }),
  },
  { ...strict, default: {} },
);
export type GatewayConfig = Static<typeof GatewayConfig>;

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
    limits: Type.Object(
      {
        userPerMinute: Type.Integer({ minimum: 1, default: 60 }),
        userBurst: Type.Integer({ minimum: 1, default: 20 }),
        inboundCharacters: Type.Integer({ minimum: 1, default: 65_536 }),
        attachmentBytes: Type.Integer({ minimum: 1, default: 20 * 1024 * 1024 }),
        platforms: Type.Record(
          Type.String(),
          Type.Object({ perSecond: Type.Number({ exclusiveMinimum: 0 }), burst: Type.Integer({ minimum: 1 }) }, strict),
          { default: {}, description: "Sends of all accounts of a channel together, by channel id." },
        ),
        tenant: Type.Object(TenantLimits.properties, {
          ...strict,
          default: {},
          description: "Of every tenant, unless it has limits of its own: switchboard limits.",
        }),
        tenantText: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 500,
            description: "What people are told once when a limit of the tenant is reached, e.g. in their language.",
          }),
        ),
        requests: RequestLimits,
        messageTtlMs: Milliseconds(24 * 3_600_000, "A message that waited longer is not sent any more."),
      },
      { ...strict, default: {} },
    ),
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
    database: Type.Object(
      {
        url: Type.Optional(
          Type.String({
            minLength: 1,
            description:
              'A PostgreSQL database, e.g. { "env": "DATABASE_URL" }; without it one in the state directory is used. The variable DATABASE_URL goes before it.',
          }),
        ),
        ownerUrl: Type.Optional(
          Type.String({
            minLength: 1,
            description:
              "As whom its tables are made and changed, when the one above may not. The variable DATABASE_OWNER_URL goes before it.",
          }),
        ),
        connections: Type.Integer({
          minimum: 1,
          default: 8,
          description:
            "How many connections one node does its work with. At most seven more listen, take the lead and look after sign-ins: count them in for `max_connections`.",
        }),
      },
      { ...strict, default: {} },
    ),
    identity: IdentityConfig,
    turns: Type.Object(
      {
        concurrency: Type.Integer({
          minimum: 1,
          default: 64,
          description: "How many turns a process runs at a time. `websocket` agents of one tenant have at most half.",
        }),
        maxAttempts: Type.Integer({ minimum: 1, default: 3 }),
        leaseMs: Milliseconds(300_000, "A process that stopped answering loses its work after this long."),
        drainMs: Milliseconds(10_000, "How long running turns may go on after a stop was asked for."),
      },
      { ...strict, default: {} },
    ),
    classifier: Type.Object(
      {
        enabled: Type.Boolean({ default: false, description: "Let a model map free text to a command." }),
        agent: Type.Optional(Type.String({ description: "Whose model decides; default the default agent." })),
        timeoutMs: Milliseconds(4_000, "Afterwards the text goes to the agent as it is."),
      },
      { ...strict, default: {} },
    ),
    retention: Type.Object(
      {
        messagesDays: Type.Integer({ minimum: 1, default: 14, description: "Settled updates, turns and deliveries." }),
        transcriptsDays: Type.Integer({
          minimum: 1,
          default: 365,
          description:
            "What was said, with its files; then a session with its preferences, when nothing of it is left.",
        }),
        auditDays: Type.Integer({ minimum: 1, default: 365 }),
        usageDays: Type.Integer({ minimum: 62, default: 800, description: "Records and counters of what was used." }),
      },
      { ...strict, default: {} },
    ),
    usage: Type.Object(
      {
        currency: Type.String({
          pattern: "^[A-Z]{3}$",
          default: "USD",
          description: "What the prices are in. Change it together with them: records keep the amounts only.",
        }),
        prices: Type.Record(
          Type.String(),
          Type.Object(
            {
              input: Type.Number({ minimum: 0 }),
              output: Type.Number({ minimum: 0 }),
              cached: Type.Optional(
                Type.Number({
                  minimum: 0,
                  description: "Input tokens that the provider had kept; default as other input.",
                }),
              ),
            },
            strict,
          ),
          {
            default: {},
            description:
              "What a million tokens cost, by model, or by `openai/<model>` and `anthropic/<model>`. A model without a price has no cost, and reports say so.",
          },
        ),
      },
      { ...strict, default: {} },
    ),
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
