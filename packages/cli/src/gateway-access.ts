/** How commands reach a gateway: the running one over its socket, else its state directory directly. */
import { join } from "node:path";
import { fileTokenStore, loadOrCreateDeviceIdentity, nodeGatewayClient } from "@switchboard/client/node";
import { SwitchboardError } from "@switchboard/domain";
import { kindOfHost, type MethodName, type Params, type Result, SCOPES } from "@switchboard/protocol";
import {
  ensureStateDirectory,
  knownGatewaySecret,
  type RunningGatewayNote,
  readGatewayAuth,
  readRunningGateway,
  readSettings,
  stateDirectoryPath,
  VERSION,
} from "@switchboard/server/settings";
import type { Output } from "./output.ts";

export interface AccessOptions {
  /** A gateway elsewhere; default the one of the state directory. */
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  /** Of the certificate that the gateway must show; default that of the state directory's gateway. */
  readonly tlsFingerprint?: string | undefined;
  /** What to do when no gateway runs: open the state directory, or fail. */
  readonly whenStopped: "local" | "fail";
}

export interface GatewayAccess {
  /** `local`: no gateway runs; the command works on the state directory. */
  readonly kind: "running" | "local";
  request<M extends MethodName>(method: M, params: Params<M>, timeoutMs?: number): Promise<Result<M>>;
  close(): Promise<void>;
}

/** @throws SYS_004 when nobody answers, REQ_005 when the token is wrong. */
export async function accessGateway(options: AccessOptions, output: Output): Promise<GatewayAccess> {
  const stateDirectory = stateDirectoryPath(process.env);
  const own = readRunningGateway(stateDirectory);
  const url = options.url ?? process.env.GATEWAY_URL ?? own?.url;
  if (url !== undefined) {
    const token = options.token ?? knownGatewaySecret(readGatewayAuth(stateDirectory, process.env), stateDirectory);
    const access = await connect(
      url,
      token,
      options.tlsFingerprint ?? pinOf(own, url),
      deviceFor(url, stateDirectory),
    ).catch((error: unknown) => {
      if (!(error instanceof SwitchboardError) || error.code !== "SYS_004") throw error;
      const isOwn = options.url === undefined && process.env.GATEWAY_URL === undefined;
      if (isOwn) return undefined;
      throw new SwitchboardError("SYS_004", `No gateway answers at ${new URL(url).host}: ${error.message}`);
    });
    if (access) return access;
  }
  if (options.whenStopped === "fail") {
    throw new SwitchboardError("SYS_004", `No gateway is running for the state directory ${stateDirectory}.`);
  }
  output.note("No gateway is running; working on its state directory.");
  const settings = readSettings(stateDirectory, process.env);
  const { createLog, openLocalGateway } = await import("@switchboard/server");
  const log = await createLog({ ...settings.config.log, level: "error" }, undefined, "stderr");
  const local = await openLocalGateway({ stateDirectory, settings, env: process.env, log });
  return { kind: "local", request: (method, params) => local.request(method, params), close: () => local.close() };
}

/** Its own gateway is known by the note that it left; whose address it is makes no difference to anybody else's. */
function pinOf(own: RunningGatewayNote | undefined, url: string): string | undefined {
  return own && URL.canParse(url) && new URL(url).host === new URL(own.url).host ? own.tlsFingerprint : undefined;
}

/** To gateways elsewhere this command is a device, with a key and tokens of its own: without, it may do nothing there. */
function deviceFor(url: string, stateDirectory: string) {
  if (!URL.canParse(url) || kindOfHost(new URL(url).hostname) === "loopback") return undefined;
  ensureStateDirectory(stateDirectory);
  return {
    device: loadOrCreateDeviceIdentity(join(stateDirectory, "command-device-key")),
    tokenStore: fileTokenStore(join(stateDirectory, "command-device-tokens.json")),
  };
}

async function connect(
  url: string,
  token: string | undefined,
  tlsFingerprint: string | undefined,
  device: ReturnType<typeof deviceFor>,
): Promise<GatewayAccess> {
  const client = nodeGatewayClient({
    url,
    ...(token !== undefined && { token }),
    ...(tlsFingerprint !== undefined && { tlsFingerprint }),
    ...device,
    client: { id: "cli", mode: "cli", version: VERSION, platform: process.platform },
    scopes: SCOPES,
    reconnect: false,
    connectTimeoutMs: 10_000,
  });
  await client.connect();
  return {
    kind: "running",
    request: (method, params, timeoutMs) =>
      client.request(method, params, { expectFinal: true, ...(timeoutMs !== undefined && { timeoutMs }) }),
    async close() {
      client.close();
    },
  };
}
