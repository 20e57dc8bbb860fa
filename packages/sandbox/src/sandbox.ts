/** The sandbox's server: its page, the state of everything, and the button that kills the gateway. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Simulator, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import { kindOfHost } from "@switchboard/protocol";
import type { GatewayInfo, SandboxError, SandboxState } from "./api.ts";
import { EventStream } from "./event-stream.ts";
import type { GatewayHandle } from "./gateway-handle.ts";
import { judge } from "./guard.ts";
import { openPages, SECURITY_HEADERS } from "./pages.ts";
import { TraceRelay } from "./trace-relay.ts";
import { webchatSession } from "./webchat-session.ts";

export interface SimulatedPlatform {
  readonly id: string;
  /** As people write it. */
  readonly label: string;
  readonly simulator: Simulator;
}

export interface SandboxOptions {
  readonly simulators: readonly SimulatedPlatform[];
  readonly gateway: GatewayHandle;
  /** Folder of the console's built pages. */
  readonly pages: string;
  /** A loopback address; default 127.0.0.1. */
  readonly host?: string;
  /** Default: any free port. */
  readonly port?: number;
}

export interface Sandbox {
  /** What to open. The gateway has to name this origin in `gateway.allowedOrigins`, or WebChat cannot be framed. */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws CFG_001 when the pages are not built or the host is no loopback address, SYS_003 when the port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { gateway, host = "127.0.0.1", port = 0, simulators } = options;
  if (kindOfHost(host) !== "loopback") {
    throw new SwitchboardError("CFG_001", `The sandbox only listens on this machine, not on ${host}.`);
  }
  const pages = openPages(options.pages);
  const stream = new EventStream();
  const relay = new TraceRelay(gateway, (message) => stream.send("message", message));
  const platforms = simulators.map(({ id, label, simulator }) => ({ id, label, pane: simulator.pane }));
  const info = gatewayInfo(gateway, (now) => stream.send("gateway", now));
  const state = (): SandboxState => ({ gateway: info.get(), platforms, messages: relay.book.list() });

  const routes: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => unknown>> = {
    "GET /api/state": (_request, response) => sendJson(response, 200, state()),
    "GET /api/events": (_request, response) =>
      stream.add(response, SECURITY_HEADERS, { event: "state", data: state() }),
    async "POST /api/webchat"(_request, response) {
      const { cookies, url } = await webchatSession(gateway);
      response.setHeader("set-cookie", cookies);
      sendJson(response, 200, { url });
    },
    async "POST /api/gateway/kill"(_request, response) {
      await gateway.kill();
      sendJson(response, 200, info.get());
    },
    async "POST /api/gateway/restart"(_request, response) {
      await gateway.restart();
      sendJson(response, 200, info.get());
    },
  };

  let own = "";
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<unknown> => {
    const verdict = judge(request, own);
    if (verdict.kind === "elsewhere") return response.writeHead(302, { location: verdict.url }).end();
    if (verdict.kind === "refused") {
      throw new SwitchboardError("SEC_003", verdict.reason, { action: `Open ${own} itself.` });
    }
    // As it came: what is no address at all must not be read as one.
    const [pathname = "/"] = (request.url ?? "/").split("?");
    const route = routes[`${request.method} ${pathname}`];
    if (route) return route(request, response);
    const id = request.method === "GET" ? /^\/api\/trace\/([\w-]{1,128})$/.exec(pathname)?.[1] : undefined;
    if (id !== undefined) return sendJson(response, 200, await relay.trace(id));
    if (request.method === "GET" && pages.serve(pathname, response)) return undefined;
    throw new SwitchboardError("REQ_002", "There is nothing here.");
  };
  const server = createServer((request, response) => {
    // Nothing that is sent here has a body worth reading.
    request.resume();
    answer(request, response).catch((error: unknown) => sendError(response, error));
  });
  const stop = () => {
    info.stop();
    relay.close();
    stream.close();
  };
  try {
    own = await listen(server, host, port);
  } catch (error) {
    stop();
    throw error;
  }
  return {
    url: own,
    async close() {
      stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function gatewayInfo(gateway: GatewayHandle, changed: (info: GatewayInfo) => void) {
  let starts = gateway.state() === "running" ? 1 : 0;
  let before = gateway.state();
  const get = (): GatewayInfo => {
    const url = gateway.url();
    return { state: gateway.state(), starts, ...(url !== undefined && { url }) };
  };
  const stop = gateway.onChange(() => {
    const now = gateway.state();
    if (now === "running" && before !== "running") starts += 1;
    before = now;
    changed(get());
  });
  return { get, stop };
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    "content-type": "application/json",
    "cache-control": "no-store",
  });
  response.end(JSON.stringify(value));
}

function sendError(response: ServerResponse, thrown: unknown): void {
  const { action, code, http, message } = toSwitchboardError(thrown);
  if (response.headersSent) response.destroy();
  else sendJson(response, http, { error: { code, message, action } } satisfies SandboxError);
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => {
      const taken = code === "EADDRINUSE";
      reject(
        new SwitchboardError(taken ? "SYS_003" : "CFG_001", taken ? `Port ${port} on ${host} is taken.` : message),
      );
    });
    server.listen(port, host, () => {
      const name = host.includes(":") ? `[${host.replace(/^\[|\]$/g, "")}]` : host;
      resolve(`http://${name}:${(server.address() as AddressInfo).port}`);
    });
  });
}
