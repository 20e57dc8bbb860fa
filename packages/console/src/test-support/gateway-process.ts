/** A real gateway in a process of its own that tests kill and start again: one port, one state directory. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GatewayHandle, GatewayState } from "@switchboard/sandbox";
import {
  freePort,
  type GatewayProcess as Started,
  startGatewayProcess as start,
} from "@switchboard/testkit/gateway-process";
import { type TemporaryDirectory, temporaryDirectory } from "@switchboard/testkit/temporary-directory";

const TOKEN = "the-token-of-this-test";

export interface GatewayProcessOptions {
  /** The gateway's config.json; port and token are set besides. A function is told the gateway's address. */
  readonly config?: Readonly<Record<string, unknown>> | ((address: string) => Readonly<Record<string, unknown>>);
  readonly env?: Readonly<Record<string, string>>;
}

export async function startGatewayProcess(options: GatewayProcessOptions = {}): Promise<GatewayProcess> {
  const directory = await temporaryDirectory("switchboard-console-");
  const stateDirectory = join(directory.path, "state");
  await mkdir(stateDirectory);
  const { config = {}, env = {} } = options;
  const gateway = new GatewayProcess(directory, await freePort(), env);
  const written = typeof config === "function" ? config(gateway.address) : config;
  await writeFile(join(stateDirectory, "config.json"), JSON.stringify(written));
  await gateway.start();
  return gateway;
}

/** Also what the sandbox is told of its gateway. */
export class GatewayProcess implements GatewayHandle, AsyncDisposable {
  readonly token = TOKEN;
  readonly port: number;
  readonly #directory: TemporaryDirectory;
  readonly #env: Readonly<Record<string, string>>;
  readonly #listeners = new Set<() => void>();
  #process: Started | undefined;
  #state: GatewayState = "down";

  constructor(directory: TemporaryDirectory, port: number, env: Readonly<Record<string, string>>) {
    this.#directory = directory;
    this.port = port;
    this.#env = env;
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  url(): string {
    return this.address;
  }

  state(): GatewayState {
    return this.#state;
  }

  async start(): Promise<void> {
    const started = start({
      stateDirectory: join(this.#directory.path, "state"),
      port: this.port,
      token: TOKEN,
      form: "source",
      logLevel: "fatal",
      env: this.#env,
    });
    this.#process = started;
    this.#become("starting");
    void started.ended.then(() => this.#become("down"));
    await started.ready;
    this.#become("running");
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async restart(): Promise<void> {
    if (this.#process?.running) await this.#process.stop();
    await this.start();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await this.#directory.remove();
  }

  #become(state: GatewayState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
