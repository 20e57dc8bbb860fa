/**
 * A whole gateway for a test: the real one on a free port and in a directory of its own, a simulated platform and a
 * model on the other sides, an operator who is connected. Every answer is checked against the protocol's schemas.
 */
import { join } from "node:path";
import type { GatewayClient, RequestOptions } from "@switchboard/client";
import { nodeGatewayClient } from "@switchboard/client/node";
import type { Clock } from "@switchboard/core";
import { type AccountId, type ConversationId, type JsonObject, type Simulator, validated } from "@switchboard/domain";
import { type MethodName, methodSpec, type Params, type Result, SCOPES } from "@switchboard/protocol";
import { freePort } from "@switchboard/testkit/gateway-process";
import { type ModelServer, startModelServer } from "@switchboard/testkit/model-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { vi } from "vitest";
import { readConfigFile, writeConfigFile } from "../config/config-file.ts";
import { readSettings } from "../config/settings.ts";
import { type GatewayOptions, type RunningGateway, startGateway } from "../gateway.ts";
import { eventually } from "./eventually.ts";
import { type MemoryLog, memoryLog } from "./memory-log.ts";
import { openAccount, type Platform, type PlatformOptions, startPlatform } from "./platform.ts";

// Several gateways start at once in these tests, which takes a busy machine many seconds.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

export interface TestGatewayOptions {
  /** Laid over the test's own configuration, object by object. */
  readonly config?: JsonObject;
  /** Changes to the default account; `false`: there is none. */
  readonly account?: Parameters<typeof openAccount>[1] | false;
  /** Accounts besides the default one, by id; each is another account of the simulator by that name. */
  readonly accounts?: Readonly<Record<string, Parameters<typeof openAccount>[1]>>;
  /** `echo`: no model server. Otherwise changes to the only agent, which asks the model server. */
  readonly agent?: "echo" | JsonObject;
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  readonly store?: GatewayOptions["store"];
  readonly platform?: PlatformOptions;
  readonly authenticators?: GatewayOptions["authenticators"];
  readonly tenantOf?: GatewayOptions["tenantOf"];
  readonly limits?: GatewayOptions["limits"];
  /** What `logs.tail` reads. */
  readonly logFile?: string;
  /** A fixed port and a public address, so that the platform can call webhooks. */
  readonly webhooks?: boolean;
  /** Stands before the gateway; its address is the public one. */
  readonly proxy?: (port: number) => Promise<{ readonly url: string }>;
  /** The accounts that a start waits for; default all. */
  readonly connects?: readonly string[];
  /** `false`: the test starts it. */
  readonly start?: boolean;
  /** An existing state directory, whose configuration stays as it is; default a new one that is removed afterwards. */
  readonly directory?: string;
}

export interface TestGateway extends AsyncDisposable {
  readonly directory: string;
  readonly platform: Platform;
  readonly simulator: Simulator;
  readonly model: ModelServer;
  readonly log: MemoryLog;
  readonly url: string;
  readonly token: string;
  /** With TLS. */
  readonly tlsFingerprint: string | undefined;
  readonly client: GatewayClient;
  /** What `onFatal` was told. */
  readonly fatal: readonly unknown[];
  /** The simulator's side of an account besides the default one. */
  other(account: string): Simulator;
  request<M extends MethodName>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>>;
  /** `changes` hold from now on. */
  start(changes?: Pick<TestGatewayOptions, "clock" | "env" | "store">): Promise<void>;
  stop(): Promise<void>;
  /** Stops, changes the configuration file if asked, starts on the same directory. */
  restart(config?: JsonObject): Promise<void>;
  /** Resolves when the account is connected. */
  connected(account?: string): Promise<void>;
  /** The key of the only session of a conversation; two accounts may have conversations of one id. */
  sessionOf(conversation: ConversationId, account?: string): Promise<string>;
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const directory = options.directory === undefined ? await temporaryDirectory() : undefined;
  const path = options.directory ?? directory?.path ?? "";
  const platform = await startPlatform(options.platform);
  const model = await startModelServer({ otherwise: { type: "echo" } });
  const gateway = new Harness(options, path, platform, model, async () => {
    await directory?.remove();
  });
  if (directory) await gateway.prepare();
  if (options.start !== false) {
    try {
      await gateway.start();
    } catch (error) {
      await gateway[Symbol.asyncDispose]();
      throw error;
    }
  }
  return gateway;
}

class Harness implements TestGateway {
  readonly log = memoryLog();
  readonly fatal: unknown[] = [];
  #options: TestGatewayOptions;
  readonly directory: string;
  readonly platform: Platform;
  readonly model: ModelServer;
  readonly #clean: () => Promise<void>;
  #running: RunningGateway | undefined;
  #client: GatewayClient | undefined;

  constructor(
    options: TestGatewayOptions,
    directory: string,
    platform: Platform,
    model: ModelServer,
    clean: () => Promise<void>,
  ) {
    this.#options = options;
    this.directory = directory;
    this.platform = platform;
    this.model = model;
    this.#clean = clean;
  }

  get simulator(): Simulator {
    return this.platform.simulator;
  }

  get url(): string {
    return this.#require().url;
  }

  get token(): string {
    return this.#require().token;
  }

  get tlsFingerprint(): string | undefined {
    return this.#require().tlsFingerprint;
  }

  get client(): GatewayClient {
    if (!this.#client) throw new Error("the gateway is stopped");
    return this.#client;
  }

  other(account: string): Simulator {
    const other = this.simulator.account?.(account);
    if (!other) throw new Error("this simulator has one account only");
    return other;
  }

  /** Writes the configuration file. */
  async prepare(): Promise<void> {
    const { account = {}, accounts = {}, agent = {}, config = {}, proxy, webhooks } = this.#options;
    const port = webhooks || proxy ? await freePort() : 0;
    const publicUrl = proxy ? (await proxy(port)).url : webhooks ? `http://127.0.0.1:${port}` : undefined;
    const all = Object.entries(accounts).map(([id, changes]) => [id, openAccount(this.other(id), changes)]);
    const mine: JsonObject = {
      gateway: { port, publicUrl },
      agents: agent === "echo" ? [] : [modelAgent(this.model, agent)],
      channels: {
        [this.platform.id]: {
          ...(account !== false && { default: openAccount(this.simulator, account) }),
          ...Object.fromEntries(all),
        },
      },
    };
    writeConfigFile(this.#configPath, overlaid(mine, config));
  }

  async start(changes: Pick<TestGatewayOptions, "clock" | "env" | "store"> = {}): Promise<void> {
    this.#options = { ...this.#options, ...changes };
    const env = { ...this.#options.env };
    const settings = readSettings(this.directory, env);
    const { authenticators, clock, limits, logFile, store, tenantOf } = this.#options;
    this.#running = await startGateway({
      stateDirectory: this.directory,
      settings,
      env,
      log: this.log,
      onFatal: (error) => this.fatal.push(error),
      ...(clock && { clock }),
      ...(store && { store }),
      ...(authenticators && { authenticators }),
      ...(tenantOf && { tenantOf }),
      ...(limits && { limits }),
      ...(logFile !== undefined && { logFile }),
    });
    const { tlsFingerprint, token, url } = this.#running;
    this.#client = nodeGatewayClient({
      url,
      token,
      ...(tlsFingerprint !== undefined && { tlsFingerprint }),
      client: { id: "cli", mode: "cli", version: "test", platform: "test" },
      scopes: SCOPES,
      caps: ["tool-events"],
      reconnect: false,
    });
    await this.#client.connect();
    const { account, accounts = {}, connects } = this.#options;
    const all = [...(account === false ? [] : ["default"]), ...Object.keys(accounts)];
    for (const id of connects ?? all) await this.connected(id);
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    this.#client?.close();
    this.#client = undefined;
    await running?.stop();
  }

  async restart(config: JsonObject = {}): Promise<void> {
    await this.stop();
    writeConfigFile(this.#configPath, overlaid(readConfigFile(this.#configPath) as JsonObject, config));
    await this.start();
  }

  async request<M extends MethodName>(method: M, params: Params<M>, options?: RequestOptions): Promise<Result<M>> {
    const spec = methodSpec(method);
    const answer = await this.client.request(method, params, {
      ...options,
      expectFinal: true,
      onAccepted: (accepted) => {
        if (spec.accepted) validated(spec.accepted, accepted, `first answer of ${method}`);
        options?.onAccepted?.(accepted);
      },
    });
    return validated(spec.result, answer, `answer of ${method}`) as Result<M>;
  }

  async connected(account = "default"): Promise<void> {
    await eventually(
      async () => {
        const { channelAccounts } = await this.request("channels.status", {});
        return channelAccounts[this.platform.id]?.some(
          ({ accountId, state }) => accountId === (account as AccountId) && state === "CONNECTED",
        );
      },
      { what: `account ${account} connected` },
    );
  }

  async sessionOf(conversation: ConversationId, account = "default"): Promise<string> {
    const { sessions } = await this.request("sessions.list", { search: `:${conversation}` });
    const found = sessions.filter(({ accountId }) => accountId === account);
    const [only] = found;
    if (!only || found.length > 1) throw new Error(`${found.length} sessions of conversation ${conversation}`);
    return only.key;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.simulator.close();
    await this.model.close();
    await this.#clean();
  }

  get #configPath(): string {
    return join(this.directory, "config.json");
  }

  #require(): RunningGateway {
    if (!this.#running) throw new Error("the gateway is stopped");
    return this.#running;
  }
}

/** An agent whose model is the model server. */
export function modelAgent(model: ModelServer, changes: JsonObject = {}): JsonObject {
  return { id: "main", runtime: "openai", model: "test-model", baseUrl: model.baseUrl, tools: false, ...changes };
}

/** Objects are laid over each other; anything else replaces what was there. */
export function overlaid(below: JsonObject, above: JsonObject): JsonObject {
  const whole: Record<string, JsonObject[string]> = { ...below };
  for (const [name, value] of Object.entries(above)) {
    const there = whole[name];
    if (value === undefined) continue;
    whole[name] = isObject(there) && isObject(value) ? overlaid(there, value) : value;
  }
  return whole as JsonObject;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
