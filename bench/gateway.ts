/** The gateway under test: the built program as a process of its own, with as many bots as asked for. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GatewayClient } from "@switchboard/client";
import { type JsonObject, SwitchboardError } from "@switchboard/domain";
import { freePort, type GatewayProcess, startGatewayProcess } from "@switchboard/testkit/gateway-process";
import { HttpLine } from "./http/line.ts";
import type { Platform } from "./platform/bot-api.ts";

export interface BenchGateway {
  readonly process: GatewayProcess;
  readonly port: number;
  /** From spawning the process to the first `/readyz` that said so, in milliseconds. */
  readonly readyMs: number;
  /** The event loop's delay since the last call, in milliseconds; 99 of 100 were shorter. */
  loopDelay(): Promise<number>;
  /** Resolves when so many accounts are connected. */
  connected(accounts: number): Promise<void>;
  /** Updates that were stored since the start. */
  received(): Promise<number>;
  /** Resolves when nothing waits to be worked on. */
  settled(): Promise<void>;
}

export interface Installation {
  readonly directory: string;
  readonly port: number;
  /** `env`: further variables of the gateway, e.g. `DATABASE_URL`. */
  start(execArgv?: readonly string[], env?: NodeJS.ProcessEnv): Promise<BenchGateway>;
}

/** The configs of accounts by channel; they are named `bot-1` and so on. */
export type Accounts = Readonly<Record<string, readonly JsonObject[]>>;

/** The secret of every gateway of the bench. */
export const TOKEN = "bench-token-that-nobody-else-has";
/** Whether an account is connected; WebChat always is. */
const ELSEWHERE = /^switchboard_connected\{(?![^}]*channel="webchat")[^}]*\} (\d+)/gm;
const READY_WITHIN_MS = 60_000;
/** Telegram's limits and the gateway's own would be what is measured otherwise. */
const PLENTY = { perSecond: 1_000_000, burst: 1_000_000 };

/** Of every account: open, and without limits. */
export const UNLIMITED = {
  dmPolicy: "open",
  groupPolicy: "open",
  rateLimit: PLENTY,
  conversationRateLimit: PLENTY,
} as const;

/** The configs of so many bots on the stand-in; their numbers begin with 1. */
export function botsOn(platform: Platform, count: number): Accounts {
  const telegram = Array.from({ length: count }, (_, index) => ({
    token: `${index + 1}:bench`,
    baseUrl: platform.url,
    transport: "webhook",
  }));
  return { telegram };
}

/** Prepares a state directory; nothing runs yet. `settings`: of every account, beside those that lift the limits. */
export async function install(directory: string, accounts: Accounts, settings: JsonObject = {}): Promise<Installation> {
  await mkdir(directory, { recursive: true });
  const port = await freePort();
  const account = (config: JsonObject) => ({ config, settings: { ...UNLIMITED, ...settings } });
  const config = {
    gateway: { publicUrl: `http://127.0.0.1:${port}` },
    channels: Object.fromEntries(
      Object.entries(accounts).map(([channel, configs]) => [
        channel,
        Object.fromEntries(configs.map((config, index) => [`bot-${index + 1}`, account(config)])),
      ]),
    ),
    limits: { userPerMinute: 1_000_000, userBurst: 1_000_000 },
  };
  await writeFile(join(directory, "config.json"), JSON.stringify(config));
  return { directory, port, start: (execArgv, env) => start(directory, port, execArgv, env) };
}

/** Resolves when so many bots have registered their webhooks. */
export async function connected(platform: Platform, bots: number): Promise<void> {
  while (platform.webhooks.size < bots) await sleep(20);
}

/** @throws SYS_004 with the process's last words when it ended, or is not ready after a minute. */
async function start(
  directory: string,
  port: number,
  execArgv: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<BenchGateway> {
  const startedAt = performance.now();
  const gateway = startGatewayProcess({
    stateDirectory: directory,
    port,
    token: TOKEN,
    execArgv,
    env: { NODE_OPTIONS: "", ...env },
  });
  while (!(await isReady(port))) {
    if (!gateway.running) await gateway.ready;
    if (performance.now() - startedAt > READY_WITHIN_MS) {
      await gateway.kill();
      const last = gateway.log.slice(-20).join("\n");
      throw new SwitchboardError("SYS_004", `The gateway was not ready within ${READY_WITHIN_MS / 1000} s.\n${last}`);
    }
    await sleep(4);
  }
  const readyMs = performance.now() - startedAt;
  return {
    process: gateway,
    port,
    readyMs,
    loopDelay: () => loopDelay(port),
    connected: (accounts) => until(port, ELSEWHERE, (states) => sum(states) === accounts),
    received: async () => sum(await figures(port, /^switchboard_received_events_total\{[^}]*\} (\d+)/gm)),
    settled: () =>
      until(port, /^switchboard_queue_depth\{[^}]*\} (\d+)/gm, (depths) => depths.length > 0 && sum(depths) === 0),
  };
}

async function isReady(port: number): Promise<boolean> {
  try {
    const line = await HttpLine.open(port);
    const status = await line.call("GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
    line.close();
    return status === 200;
  } catch {
    return false;
  }
}

async function loopDelay(port: number): Promise<number> {
  const client = new GatewayClient({
    url: `http://127.0.0.1:${port}`,
    token: TOKEN,
    client: { id: "cli", mode: "cli", version: "bench", platform: "bench" },
    scopes: ["operator.read"],
    reconnect: false,
  });
  await client.connect();
  const health = (await client.request("health", { probe: true })) as {
    readonly eventLoop: { readonly delayP99Ms: number };
  };
  client.close();
  return health.eventLoop.delayP99Ms;
}

/** Resolves when the figures of this name, as `/metrics` has them, satisfy `found`. */
async function until(port: number, name: RegExp, found: (figures: readonly number[]) => boolean): Promise<void> {
  while (!found(await figures(port, name))) await sleep(20);
}

/** Asks for that one figure: all of them are megabytes where there are thousands of accounts. */
async function figures(port: number, name: RegExp): Promise<number[]> {
  const [asked] = /switchboard_\w+/.exec(name.source) ?? [];
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics?name=${asked}`)).text();
  return [...metrics.matchAll(name)].map(([, figure]) => Number(figure));
}

function sum(figures: readonly number[]): number {
  return figures.reduce((whole, figure) => whole + figure, 0);
}
