/**
 * A gateway process with a secret wherever one can be: accounts of every installed channel, agents, keys of the vault,
 * people, devices, links, and its environment. Everything that it writes goes into one directory.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Channel, JsonObject, Simulator } from "@switchboard/domain";
import {
  freePort,
  type GatewayProcess,
  installedChannels,
  startGatewayProcess,
} from "@switchboard/testkit/gateway-process";
import { type ModelServer, startModelServer } from "@switchboard/testkit/model-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { type Ran, switchboard } from "../switchboard.ts";
import type { Secret } from "./finder.ts";

export interface Platform {
  readonly id: string;
  readonly channel: Channel;
  readonly simulator: Simulator;
}

export interface PlantedWorld extends AsyncDisposable {
  readonly directory: string;
  readonly url: string;
  readonly token: string;
  readonly platforms: readonly Platform[];
  readonly model: ModelServer;
  /** What must stand nowhere; grows with what is handed out. */
  readonly secrets: Secret[];
  /** What was said to somebody else than the one it was meant for, by where it was said. */
  readonly said: Map<string, string>;
  readonly process: GatewayProcess;
  /** `more`: on top of its environment. */
  start(more?: Readonly<Record<string, string>>): Promise<GatewayProcess>;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Every file that was written, and everything that was said. */
  places(): { readonly place: string; readonly text: string }[];
}

/** The agent that connects by itself. */
export const CONNECTED = "connected";

/** SIGURG ends it as an error does that nobody caught; SIGUSR2 makes Node's own report. */
const CRASH = "data:text/javascript,process.on('SIGURG',()=>{throw new Error('nobody caught this')})";
/** Where a secret may stand: what the test wrote, with a header of an agent's; and the file of the TLS key itself. */
const GIVEN = ["config.json", "tls.pem"];
const MANY_LINES = 1_000_000;

export function newSecret(): string {
  return randomBytes(20).toString("hex");
}

export async function startPlantedWorld(): Promise<PlantedWorld> {
  const place = await temporaryDirectory();
  const temporary = join(place.path, "tmp");
  mkdirSync(temporary);
  const secrets: Secret[] = [];
  const env: Record<string, string> = {};
  /** A reference for the configuration to a value in the environment. */
  const planted = (name: string, value: string, secret = value) => {
    const variable = `PLANTED_${Object.keys(env).length}`;
    env[variable] = value;
    secrets.push({ name, value: secret });
    return { env: variable };
  };
  const model = await startModelServer({ otherwise: { type: "echo" } });
  const platforms: Platform[] = [];
  const channels: Record<string, JsonObject> = {};
  for (const { channel, id, startSimulator } of await installedChannels()) {
    const simulator = await startSimulator();
    platforms.push({ id, channel, simulator });
    channels[id] = { default: { config: credentialsOf(id, channel, simulator, planted), settings: OPEN } };
  }
  const token = newSecret();
  const keys = [randomBytes(32).toString("hex"), randomBytes(32).toString("hex")];
  const variables: Record<string, string> = {
    HTTPS_PROXY: newSecret(),
    SMTP_PASSWORD: newSecret(),
    GATEWAY_TOKEN: token,
  };
  for (const [name, value] of Object.entries(variables)) secrets.push({ name, value });
  for (const value of keys) secrets.push({ name: "a key of the vault", value });
  const signingSecret = (name: string) => {
    const signing = randomBytes(32).toString("base64");
    return planted(name, `whsec_${signing}`, signing);
  };
  const agents = [
    {
      id: "main",
      runtime: "openai",
      model: "test-model",
      baseUrl: model.baseUrl,
      tools: false,
      apiKey: planted("a model's key", newSecret()),
      headers: { "x-planted": plantedHeader(secrets) },
    },
    {
      id: "outside",
      runtime: "webhook",
      url: `${model.baseUrl}/nothing-here`,
      signingSecret: [
        signingSecret("what requests are signed with"),
        signingSecret("what they were signed with before"),
      ],
    },
    { id: CONNECTED, runtime: "websocket", answerLaterMs: 900_000 },
  ];
  // Neither of them answers as it should: what is said then is searched, too.
  const identity = {
    enabled: true,
    ethereum: { enabled: true, chains: [1] },
    providers: [
      {
        id: "corp",
        name: "Corp",
        issuer: model.baseUrl,
        clientId: "switchboard",
        clientSecret: planted("a provider's client secret", newSecret()),
      },
    ],
  };
  const alerts = {
    afterMs: 0,
    webhooks: [{ url: `${model.baseUrl}/alerts`, signingSecret: signingSecret("what alerts are signed with") }],
  };
  const port = await freePort();
  // Passkeys are for names.
  const url = `http://localhost:${port}`;
  writeFileSync(
    join(place.path, "config.json"),
    JSON.stringify({ agents, alerts, channels, identity, egress: { allow: ["127.0.0.1"] } }),
  );
  const outside = {
    TMPDIR: temporary,
    GATEWAY_PUBLIC_URL: url,
    CHANNEL_ENCRYPTION_KEY: keys.join(","),
    SMTP_PASSWORD: variables.SMTP_PASSWORD ?? "",
    HTTPS_PROXY: `http://proxy:${variables.HTTPS_PROXY}@127.0.0.1:1`,
    ...env,
  };
  const logs: (readonly string[])[] = [];
  const start = async (more: Readonly<Record<string, string>> = {}) => {
    const started = startGatewayProcess({
      stateDirectory: place.path,
      port,
      token,
      form: "source",
      logLevel: "trace",
      keptLines: MANY_LINES,
      env: { ...outside, ...more },
      execArgv: [
        `--import=${CRASH}`,
        "--report-on-signal",
        "--report-uncaught-exception",
        `--report-directory=${temporary}`,
      ],
    });
    logs.push(started.log);
    running = started;
    await started.ready;
    return started;
  };
  let running: GatewayProcess | undefined;
  const said = new Map<string, string>();
  const world: PlantedWorld = {
    directory: place.path,
    url,
    token,
    platforms,
    model,
    secrets,
    said,
    get process() {
      if (!running) throw new Error("the gateway was not started");
      return running;
    },
    start,
    async run(args, more = {}) {
      const given = { GATEWAY_PORT: String(port), GATEWAY_TOKEN: token, ...outside, ...more };
      const ran = await switchboard(args, { stateDirectory: place.path, env: given });
      said.set(`switchboard ${args.join(" ")}`, `${ran.stdout}\n${ran.stderr}`);
      return ran;
    },
    places() {
      const files = readdirSync(place.path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !GIVEN.includes(entry.name))
        .map(({ name, parentPath }) => ({ place: name, text: readFileSync(join(parentPath, name), "latin1") }));
      const heard = [...said].map(([name, text]) => ({ place: name, text }));
      return [...files, ...heard, { place: "what the process wrote", text: logs.flat().join("\n") }];
    },
    async [Symbol.asyncDispose]() {
      await running?.stop();
      for (const { simulator } of platforms) await simulator.close();
      await model.close();
      await place.remove();
    },
  };
  return world;
}

const OPEN = { dmPolicy: "open", rateLimit: { perSecond: 1_000, burst: 1_000 } };

type Planted = (name: string, value: string, secret?: string) => JsonObject;

/** An account's config whose secrets stand in the environment; of a secret its part that proves something counts. */
function credentialsOf(
  id: string,
  { config, transports }: Channel,
  simulator: Simulator,
  planted: Planted,
): JsonObject {
  const transport = transports.find((each) => each !== "webhook") ?? "webhook";
  const whole = simulator.accountConfig({ transport });
  const sealed = config.secrets
    .filter((name) => typeof whole[name] === "string")
    .map((name): [string, JsonObject] => {
      const value = String(whole[name]);
      return [name, planted(`${id}: ${name}`, value, value.split(":").at(-1) ?? value)];
    });
  return { ...whole, ...Object.fromEntries(sealed) };
}

function plantedHeader(secrets: Secret[]): string {
  const value = newSecret();
  secrets.push({ name: "an agent's header", value });
  return value;
}
