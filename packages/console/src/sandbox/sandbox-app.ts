/** What the sandbox's page knows and may ask for. */
import type {
  FullTrace,
  GatewayInfo,
  PlatformInfo,
  SandboxError,
  SandboxState,
  TracedMessage,
} from "@switchboard/sandbox";
import { Signal } from "../shared/signal.ts";
import { withMessage } from "./model/messages.ts";

export class SandboxApp {
  readonly isOnline = new Signal(true);
  readonly gateway = new Signal<GatewayInfo | undefined>(undefined);
  readonly platforms = new Signal<readonly PlatformInfo[]>([]);
  /** Newest first. */
  readonly messages = new Signal<readonly TracedMessage[]>([]);

  constructor() {
    // Comes back by itself, and then says everything anew.
    const events = new EventSource("api/events");
    events.addEventListener("error", () => this.isOnline.set(false));
    events.addEventListener("state", ({ data }) => this.#begin(JSON.parse(data) as SandboxState));
    events.addEventListener("gateway", ({ data }) => this.gateway.set(JSON.parse(data) as GatewayInfo));
    events.addEventListener("message", ({ data }) => {
      this.messages.update((all) => withMessage(all, JSON.parse(data) as TracedMessage));
    });
  }

  kill(): Promise<GatewayInfo> {
    return ask("api/gateway/kill", "POST");
  }

  restart(): Promise<GatewayInfo> {
    return ask("api/gateway/restart", "POST");
  }

  /** Logs this browser in at the gateway and says where WebChat is. */
  async webchat(): Promise<string> {
    const { url } = await ask<{ readonly url: string }>("api/webchat", "POST");
    return url;
  }

  trace(id: string): Promise<FullTrace> {
    return ask(`api/trace/${encodeURIComponent(id)}`, "GET");
  }

  #begin({ gateway, messages, platforms }: SandboxState): void {
    this.isOnline.set(true);
    this.gateway.set(gateway);
    if (JSON.stringify(platforms) !== JSON.stringify(this.platforms.get())) this.platforms.set(platforms);
    this.messages.set(messages.toReversed());
  }
}

async function ask<T>(path: string, method: "GET" | "POST"): Promise<T> {
  const response = await fetch(path, { method });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error((body as SandboxError).error.message);
  return body as T;
}
