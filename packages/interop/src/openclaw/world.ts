/** Our gateway as a process with a simulated platform, and the installed package with a state directory of its own. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Simulator } from "@switchboard/domain";
import { freePort, fullestChannel, startGatewayProcess } from "@switchboard/testkit/gateway-process";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import type { InteropOptions } from "./options.ts";
import { type Ran, runCommand, type Staying, startCommand } from "./run-command.ts";

const TOKEN = "the-token-of-the-interop-run-0123456789";
const COMMAND_MS = 90_000;
const INSTALL_MS = 15 * 60_000;

export interface OpenClawWorld extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  readonly channel: string;
  readonly simulator: Simulator;
  /** Runs `openclaw …` as a user whose configuration names our gateway. */
  openclaw(...args: readonly string[]): Promise<Ran>;
  /** Starts `openclaw …` as another machine with a state directory of its own. */
  start(machine: string, ...args: readonly string[]): Staying;
}

/** Installs the package once. Rejects with what npm said when that fails. */
export async function install({ cache, version }: InteropOptions, note: (line: string) => void): Promise<string> {
  const command = join(cache, "node_modules/openclaw/openclaw.mjs");
  if (existsSync(command)) return command;
  note(`Installing openclaw ${version} (about 650 MB, a minute or more) …`);
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, "package.json"), JSON.stringify({ private: true }));
  const args = ["install", "--no-audit", "--no-fund", "--save-exact", `openclaw@${version}`];
  const { code, output } = await runCommand("npm", args, { cwd: cache, env: process.env, timeoutMs: INSTALL_MS });
  if (code !== 0 || !existsSync(command)) throw new Error(`openclaw could not be installed:\n${output.slice(-2_000)}`);
  return command;
}

export async function openWorld(command: string): Promise<OpenClawWorld> {
  const place = await temporaryDirectory();
  const installed = await fullestChannel();
  const simulator = await installed.startSimulator();
  const port = await freePort();
  const state = join(place.path, "gateway");
  mkdirSync(state, { mode: 0o700 });
  writeFileSync(
    join(state, "config.json"),
    JSON.stringify({
      gateway: { trustedProxies: ["127.0.0.1"], nodes: { commands: { allow: ["system.which"] } } },
      channels: {
        [installed.id]: {
          default: { config: simulator.accountConfig({ transport: "polling" }), settings: { dmPolicy: "pairing" } },
        },
      },
    }),
  );
  const gateway = startGatewayProcess({ stateDirectory: state, port, token: TOKEN, form: "source", logLevel: "warn" });
  await gateway.ready;
  const url = `ws://127.0.0.1:${port}`;
  const staying: Staying[] = [];
  const environment = (machine: string): NodeJS.ProcessEnv => {
    const home = join(place.path, machine);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const configuration = join(home, "openclaw.json");
    if (!existsSync(configuration)) {
      writeFileSync(configuration, JSON.stringify({ gateway: { mode: "remote", remote: { url, token: TOKEN } } }));
    }
    return {
      PATH: `${join(process.execPath, "..")}:${process.env.PATH ?? ""}`,
      HOME: home,
      OPENCLAW_STATE_DIR: home,
      OPENCLAW_GATEWAY_TOKEN: TOKEN,
      NO_COLOR: "1",
      CI: "1",
    };
  };
  return {
    url,
    token: TOKEN,
    channel: installed.id,
    simulator,
    openclaw: (...args) =>
      runCommand(process.execPath, [command, ...args], {
        cwd: place.path,
        env: environment("user"),
        timeoutMs: COMMAND_MS,
      }),
    start(machine, ...args) {
      const started = startCommand(process.execPath, [command, ...args], {
        cwd: place.path,
        env: environment(machine),
      });
      staying.push(started);
      return started;
    },
    async [Symbol.asyncDispose]() {
      for (const each of staying) await each.stop();
      await gateway.stop();
      await simulator.close();
      await place.remove();
    },
  };
}
