/** `switchboard demo`: a gateway with simulated platforms, to try everything without any account. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Channel,
  type Simulator,
  type StartSimulator,
  SwitchboardError,
  type Transport,
} from "@switchboard/domain";
import type { SandboxOptions } from "@switchboard/sandbox";
import { discoverChannels, readConfigFile, writeConfigFile } from "@switchboard/server/settings";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import { superviseGateway } from "../demo/gateway-process.ts";
import { type StablePorts, stablePorts } from "../demo/ports.ts";

interface DemoOptions {
  readonly directory: string;
  readonly verbose?: boolean;
}

export function registerDemo(program: Command): void {
  const command = program
    .command("demo")
    .description("try everything in the browser, with simulated platforms and no account")
    .option("-d, --directory <path>", "where the demo keeps its state", ".switchboard/demo")
    .option("--verbose", "show the gateway's log")
    .action(
      action(async ({ output }, { directory, verbose = false }: DemoOptions) => {
        const home = resolve(directory);
        mkdirSync(join(home, "gateway"), { recursive: true, mode: 0o700 });
        const ports = stablePorts(join(home, "ports.json"));
        output.note("Starting the simulated platforms …");
        const simulators = await startSimulators(home, ports);
        const token = tokenOf(join(home, "token"));
        const sandboxPort = await ports.pick("sandbox", 4680);
        const configFile = join(home, "gateway", "config.json");
        const gatewayPort = await ports.pick("gateway", 18_789);
        writeDemoConfig(configFile, simulators, {
          allowedOrigins: [`http://127.0.0.1:${sandboxPort}`],
          publicUrl: `http://127.0.0.1:${gatewayPort}`,
        });
        output.note("Starting the gateway …");
        const gateway = superviseGateway({
          entry: process.argv[1] ?? "",
          env: {
            ...process.env,
            SWITCHBOARD_STATE_DIR: join(home, "gateway"),
            SWITCHBOARD_CONFIG: configFile,
            GATEWAY_TOKEN: token,
            GATEWAY_PORT: String(gatewayPort),
          },
          token,
          onLine: (line) => (verbose || line.includes('"level":5') ? output.note(line) : undefined),
        });
        const { startSandbox } = await import("@switchboard/sandbox");
        const sandbox = await startSandbox({ simulators, gateway, pages: pagesDirectory(), port: sandboxPort });
        ports.save();
        output.result({ url: sandbox.url, directory: home }, ({ url }) =>
          [
            "",
            `  ${pc.bold("Open")} ${pc.cyan(url)}`,
            "",
            `  ${named(["WebChat", ...simulators.map(({ label }) => label)])}, side by side with the trace of every message.`,
            `  Kill the gateway in mid-conversation (button, or kill -9 <pid>): nothing is lost.`,
            `  Everything is kept in ${home}. Ctrl+C ends the demo.`,
            "",
          ].join("\n"),
        );
        await untilStopped();
        output.note("Stopping …");
        await gateway.stop();
        await sandbox.close();
        for (const { simulator } of simulators) await simulator.close();
        process.exit(0);
      }),
    );
  examples(command, ["demo", "demo --directory /tmp/try --verbose"]);
}

type Simulated = SandboxOptions["simulators"][number] & {
  /** Webhooks only where there is nothing else: they wait while the gateway is away. */
  readonly transport: Transport;
};

async function startSimulators(home: string, ports: StablePorts): Promise<Simulated[]> {
  const started: Simulated[] = [];
  for (const { id, packageName } of discoverChannels()) {
    const module = (await import(`${packageName}/simulator`)) as { startSimulator: StartSimulator };
    const file = join(home, `${id}-simulator.db`);
    const isNew = !existsSync(file);
    const simulator = await module.startSimulator({
      port: await ports.pick(`simulator-${id}`),
      file,
    });
    if (isNew) await furnish(simulator);
    const { default: channel } = (await import(packageName)) as { default: Pick<Channel, "label" | "transports"> };
    const { label, transports } = channel;
    const transport = transports.find((each) => each !== "webhook") ?? "webhook";
    started.push({ id, label, simulator, transport });
  }
  return started;
}

/** Two people and their group, where there are groups. */
async function furnish(simulator: Simulator): Promise<void> {
  const group = { title: "Project room", people: ["Ada", "Ben"], threads: ["Ideas", "Support"] };
  await simulator.createGroup(group).catch((thrown: unknown) => {
    if (!(thrown instanceof SwitchboardError && thrown.code === "MSG_008")) throw thrown;
  });
}

/** The demo's accounts, open to everyone; whatever else a person wrote into the file stays. */
function writeDemoConfig(
  file: string,
  simulators: readonly Simulated[],
  own: { readonly allowedOrigins: readonly string[]; readonly publicUrl: string },
): void {
  const before = readConfigFile(file);
  const channels = Object.fromEntries(
    simulators.map(({ id, simulator, transport }) => [
      id,
      {
        default: {
          config: simulator.accountConfig({ transport }),
          settings: { dmPolicy: "open", groupPolicy: "open", groupCommands: "everyone", requireMention: true },
        },
      },
    ]),
  );
  const gateway = { ...(before.gateway as object | undefined), ...own };
  writeConfigFile(file, { ...before, gateway, channels });
}

function tokenOf(file: string): string {
  if (existsSync(file)) return readFileSync(file, "utf8").trim();
  const token = randomBytes(32).toString("base64url");
  writeFileSync(file, token, { mode: 0o600 });
  return token;
}

function pagesDirectory(): string {
  const directory = join(fileURLToPath(import.meta.resolve("@switchboard/console/package.json")), "../dist");
  if (existsSync(join(directory, "sandbox.html"))) return directory;
  throw new SwitchboardError("CFG_001", "The pages are not built. Run: npm run build -w @switchboard/console");
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

/** `WebChat, SMS and Telegram`. */
function named(labels: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(labels);
}
