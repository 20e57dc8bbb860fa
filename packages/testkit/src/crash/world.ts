/** One gateway with all its platforms and a model provider; everything but the gateway lives through every kill. */
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Channel,
  type ConversationId,
  type MessageId,
  type Simulator,
  SwitchboardError,
  type ThreadId,
  type Transport,
} from "@switchboard/domain";
import {
  freePort,
  type GatewayForm,
  type GatewayProcess,
  type InstalledChannel,
  startGatewayProcess,
} from "../gateway-process/index.ts";
import { type ModelServer, startModelServer } from "../model-server/index.ts";
import type { TestServer } from "../postgres-server/index.ts";
import { introduce } from "./introduction.ts";
import { type Look, lookIntoPostgres, lookIntoSqlite } from "./look.ts";
import { modelFor, modelReaction } from "./words.ts";

/** An account on a platform of its own. */
export interface WorldAccount {
  /** Names channel and transport: no two accounts of a world share it. */
  readonly id: string;
  readonly channel: Channel;
  readonly transport: Transport;
  readonly simulator: Simulator;
}

/** Somewhere people write; a thread is a place of its own. */
export interface Place {
  readonly account: WorldAccount;
  readonly conversation: ConversationId;
  readonly thread?: ThreadId;
  readonly kind: "direct" | "group";
  readonly people: readonly string[];
  /** Who answers there. */
  readonly mind: "echo" | "model";
}

/** Something that a person did and that deserves an answer. */
export interface Said {
  readonly place: Place;
  readonly messageId: MessageId;
  /** `numbered` is answered by something that names the number; the others by something. */
  readonly kind: "numbered" | "command" | "buttons";
  readonly number?: number;
}

export interface World {
  readonly channels: readonly Channel[];
  readonly directory: string;
  /** Into the gateway's store. */
  readonly look: Look;
  readonly accounts: readonly WorldAccount[];
  readonly places: readonly Place[];
  /** What was written before anything else, one a direct chat. */
  readonly openings: readonly Said[];
  start(): GatewayProcess;
  close(): Promise<void>;
}

/** Shared out over the accounts: with more channels each has fewer, and at least two. */
const DIRECT_CHATS = 20;
const GROUPS = 8;
/** Every third place talks with the model. */
const MODEL_EVERY = 3;

export async function openWorld(
  installed: readonly InstalledChannel[],
  directory: string,
  form: GatewayForm,
  /** Keep the store there; default: in the state directory. */
  server?: TestServer,
): Promise<World> {
  await mkdir(directory, { recursive: true });
  const model = await startModelServer({ otherwise: modelReaction });
  const accounts = (await Promise.all(installed.map(openAccounts))).flat();
  const places: Place[] = [];
  const openings: Said[] = [];
  const port = await freePort();
  // Some platforms are told by hand where to call.
  for (const { channel, id, simulator, transport } of accounts) {
    const path = [channel.id, "default", id].join("/");
    if (transport === "webhook") simulator.enterWebhook?.(`http://127.0.0.1:${port}/webhooks/${path}`);
  }
  const configFile = join(directory, "config.json");
  const writeConfig = () => writeFile(configFile, JSON.stringify(configOf(accounts, places, model, port), null, 2));
  const token = randomBytes(24).toString("base64url");
  const database = await server?.createDatabase();
  const look = server && database ? lookIntoPostgres(server, database) : lookIntoSqlite(directory);
  const env: Record<string, string> = server && database ? { DATABASE_URL: server.url(database) } : {};
  const start = () => startGatewayProcess({ stateDirectory: directory, configFile, port, token, form, env });
  const sockets = accounts.filter(({ transport }) => transport === "websocket").map(({ id }) => id);
  if (sockets.length > 0) {
    await writeConfig();
    await introduce(start(), look, sockets);
  }
  for (const account of accounts) await openPlaces(account, accounts.length, places, openings);
  await writeConfig();
  return {
    channels: installed.map(({ channel }) => channel),
    directory,
    look,
    accounts,
    places,
    openings,
    start,
    async close() {
      await Promise.all([...accounts.map(({ simulator }) => simulator.close()), model.close()]);
    },
  };
}

/** One for each way that the channel can receive. */
function openAccounts({ channel, startSimulator }: InstalledChannel): Promise<WorldAccount[]> {
  return Promise.all(
    channel.transports.map(async (transport) => ({
      id: `tenant-${channel.id}-${transport}`,
      channel,
      transport,
      simulator: await startSimulator({ webhookRetryMs: 30, history: 1_000_000 }),
    })),
  );
}

/** Direct chats begin with somebody writing; that is when their ids are known. */
async function openPlaces(account: WorldAccount, accounts: number, places: Place[], openings: Said[]): Promise<void> {
  const { channel, simulator } = account;
  let conversations = places.length;
  const mind = () => (conversations++ % MODEL_EVERY === 0 ? "model" : "echo");
  const chats = Math.max(2, Math.ceil(DIRECT_CHATS / accounts));
  const groups = Math.max(2, Math.ceil(GROUPS / accounts));
  for (let index = 1; index <= chats; index++) {
    const person = `Person ${index}`;
    const { conversation, messageId } = await simulator.say({ from: person, text: "/status" });
    const place: Place = { account, conversation, kind: "direct", people: [person], mind: mind() };
    places.push(place);
    openings.push({ place, messageId, kind: "command" });
  }
  for (let index = 1; index <= groups; index++) {
    const people = [`Person ${index}`, `Person ${index + 1}`];
    const titles = channel.capabilities.threads && index === groups ? ["One", "Two"] : [];
    const group = await simulator.createGroup({ title: `Group ${index}`, people, threads: titles }).catch(noGroups);
    if (!group) return;
    const { conversation, threads } = group;
    const place: Place = { account, conversation, kind: "group", people, mind: mind() };
    places.push(place, ...threads.map((thread): Place => ({ ...place, thread })));
  }
}

/** Some platforms have none. */
function noGroups(thrown: unknown): undefined {
  if (thrown instanceof SwitchboardError && thrown.code === "MSG_008") return undefined;
  throw thrown;
}

function configOf(
  accounts: readonly WorldAccount[],
  places: readonly Place[],
  model: ModelServer,
  port: number,
): object {
  const plenty = { perSecond: 10_000, burst: 10_000 };
  const settings = {
    dmPolicy: "open",
    groupPolicy: "open",
    requireMention: false,
    rateLimit: plenty,
    conversationRateLimit: plenty,
  };
  const channels = [...new Set(accounts.map(({ channel }) => channel))];
  return {
    gateway: { publicUrl: `http://127.0.0.1:${port}` },
    agents: [
      { id: "main", runtime: "echo" },
      ...channels.map((channel) => ({
        id: mindOf(channel),
        runtime: "openai",
        model: modelFor(channel.capabilities.text.maxLength),
        apiKey: "none",
        baseUrl: model.baseUrl,
        tools: false,
      })),
    ],
    bindings: places
      .filter(({ mind, thread }) => mind === "model" && thread === undefined)
      .map(({ account, conversation }) => ({
        agent: mindOf(account.channel),
        channel: account.channel.id,
        account: account.id,
        conversation,
      })),
    channels: Object.fromEntries(
      channels.map((channel) => [
        channel.id,
        Object.fromEntries(
          accounts
            .filter((account) => account.channel === channel)
            .map(({ id, simulator, transport }, index) => [
              id,
              {
                config: simulator.accountConfig({ transport }),
                settings: { ...settings, queueMode: index % 2 === 0 ? "collect" : "followup" },
              },
            ]),
        ),
      ]),
    ),
    sessions: { historyEntries: 4 },
    limits: { userPerMinute: 1_000_000, userBurst: 1_000_000 },
    // Short, so that draining turns are interrupted and taken up again by the next process.
    turns: { drainMs: 300 },
  };
}

/** The agent that answers with the model. */
function mindOf({ id }: Channel): string {
  return `model-${id}`;
}
