/** One gateway under attack: its secrets, a device that is paired, somebody who behaves. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Scope } from "@switchboard/protocol";
import { freePort, type GatewayForm, type GatewayProcess, startGatewayProcess } from "../gateway-process/index.ts";
import { connectParams, createDevice, type FuzzDevice } from "./device.ts";
import { type Heard, Line } from "./line.ts";
import { type Question, type Visitor, Watch } from "./watch.ts";

/** How long anybody waits for an answer before it counts as none, in milliseconds. */
export const PATIENCE_MS = 30_000;
/** SIGUSR2 collects garbage, so that what is measured is what is held. */
const COLLECTOR = "data:text/javascript,process.on('SIGUSR2',()=>{globalThis.gc();globalThis.gc()})";

export interface Arena {
  readonly process: GatewayProcess;
  readonly port: number;
  readonly token: string;
  readonly watch: Watch;
  /** Paired, with a token that everybody may have stolen. */
  readonly victim: { readonly device: FuzzDevice; readonly deviceToken: string; readonly proof: object };
  /** A node that is paired, and its token. */
  readonly node: { readonly device: FuzzDevice; readonly deviceToken: string };
  /** Opens a line that is watched. `undefined`: no place at the door. `ip`: as if from there. */
  open(visitor: Visitor, how?: { readonly ip?: string; readonly asked?: Asked }): Promise<Line | undefined>;
  /** An operator of this machine with the gateway's token and these scopes. */
  operator(scopes: readonly Scope[]): Promise<Insider | undefined>;
  /** Pairs a device, as the gateway does by itself on its own machine. False: there was no place at the door. */
  pair(device: FuzzDevice, role: "operator" | "node", scopes: readonly Scope[]): Promise<boolean>;
  /** The paired node, connected. */
  asNode(): Promise<Insider | undefined>;
  /** Ends every line that is still open but those that are kept. */
  dropAll(): void;
  keep(line: Line): void;
  /** Looks for secrets in what was logged. */
  checkLog(): Promise<void>;
  close(): Promise<void>;
}

/** By the id of the request. */
export type Asked = Map<string, Question>;

export interface Insider {
  readonly line: Line;
  readonly asked: Asked;
}

export async function openArena(directory: string, form: GatewayForm): Promise<Arena> {
  await mkdir(directory, { recursive: true });
  const port = await freePort();
  const token = randomBytes(24).toString("base64url");
  const configFile = join(directory, "config.json");
  const config = {
    gateway: { trustedProxies: ["127.0.0.1"] },
    agents: [{ id: "main", runtime: "echo" }],
  };
  await writeFile(configFile, JSON.stringify(config));
  const process = startGatewayProcess({
    stateDirectory: directory,
    configFile,
    port,
    token,
    form,
    execArgv: ["--expose-gc", `--import=${COLLECTOR}`],
    logLevel: "info",
  });
  await process.ready;
  const watch = new Watch();
  watch.secrets.add(token);
  const lines = new Set<Line>();

  const open: Arena["open"] = async (visitor, { asked, ip } = {}) => {
    const line = await Line.open({
      port,
      headers: ip === undefined ? {} : { "X-Forwarded-For": ip },
      heard(frame, text) {
        const question = typeof frame.id === "string" ? asked?.get(frame.id) : undefined;
        watch.frame(visitor, frame, text, question);
      },
    });
    if (!line) return undefined;
    lines.add(line);
    void line.closed.then(() => lines.delete(line));
    return line;
  };
  const enter = async (visitor: Visitor, params: (nonce: string) => object) => {
    const asked: Asked = new Map();
    const line = await open(visitor, { asked });
    const challenge = await line?.next(isChallenge, PATIENCE_MS);
    if (!line || !challenge) return undefined;
    line.say({ type: "req", id: "c", method: "connect", params: params(nonceOf(challenge)) });
    const hello = await line.answer("c", PATIENCE_MS);
    if (hello?.ok === true) return { line, asked, hello };
    line.drop();
    return undefined;
  };
  /** Returns the token of the device. */
  const pair = async (device: FuzzDevice, role: "operator" | "node", scopes: readonly Scope[]) => {
    const knows = new Set<string>();
    const joined = await enter({ who: "a device that is being paired", role, scopes, knows }, (nonce) =>
      device.params(nonce, { role, scopes: [...scopes], auth: { token } }),
    );
    const { deviceToken } = (joined?.hello.payload?.auth ?? {}) as { deviceToken?: string };
    joined?.line.drop();
    await joined?.line.closed;
    return deviceToken;
  };
  const paired = async (role: "operator" | "node", scopes: readonly Scope[]) => {
    const device = createDevice();
    const deviceToken = await pair(device, role, scopes);
    if (deviceToken === undefined) throw new Error("The gateway paired no device.");
    watch.secrets.add(deviceToken);
    return { device, deviceToken };
  };
  const victim = await paired("operator", ["operator.admin"]);
  const node = await paired("node", []);

  return {
    process,
    port,
    token,
    watch,
    // What an eavesdropper would have: a proof for a socket that is gone.
    victim: {
      ...victim,
      proof: victim.device.params("00000000-0000-4000-8000-000000000000", {
        scopes: ["operator.admin"],
        auth: { deviceToken: victim.deviceToken },
      }),
    },
    node,
    open,
    operator: (scopes) =>
      enter({ who: "an operator", role: "operator", scopes }, () =>
        connectParams({ scopes: [...scopes], auth: { token } }),
      ),
    pair: async (device, role, scopes) => (await pair(device, role, scopes)) !== undefined,
    asNode: () =>
      enter({ who: "a node", role: "node", scopes: [], knows: new Set([node.deviceToken]) }, (nonce) =>
        node.device.params(nonce, { role: "node", auth: { deviceToken: node.deviceToken } }),
      ),
    dropAll() {
      for (const line of lines) line.drop();
    },
    keep: (line) => void lines.delete(line),
    async checkLog() {
      const files = ["gateway.log", "gateway.log.1"].map((name) => join(directory, "logs", name));
      const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
      for (const text of [...texts, process.log.join("\n")])
        watch.text(text, "the log", undefined, "secrets in the log");
      for (const line of process.log.filter((each) => UNFORESEEN.test(each)))
        watch.breach("errors that nobody foresaw", line);
    },
    async close() {
      for (const line of lines) line.drop();
      if (process.running && !(await process.stop()))
        watch.breach("the gateway ended", "it did not stop when asked to");
    },
  };
}

const UNFORESEEN = /a handler failed|a request failed|could not be made JSON|SYS_005|uncaught|unhandled/i;

export function isChallenge(frame: Heard): boolean {
  return frame.event === "connect.challenge";
}

export function nonceOf(challenge: Heard): string {
  return String(challenge.payload?.nonce);
}
