/** What method handlers work with. */
import type { AgentLinks, Post } from "@switchboard/agents";
import type {
  ChannelRegistry,
  Clock,
  Devices,
  Engine,
  Log,
  MediaStore,
  Nodes,
  SetupDesk,
  VaultKeeper,
} from "@switchboard/core";
import type { ReplyTokens } from "../agents/reply-tokens.ts";
import type { Configuration } from "../config/configuration.ts";
import type { Settings } from "../config/settings.ts";
import type { Runs } from "../faces/runs.ts";
import type { People } from "../identity/people.ts";
import type { Metrics } from "../metrics.ts";
import type { GatewayIdentity } from "../state/gateway-identity.ts";
import type { ConnectionInfo } from "../ws/index.ts";
import type { Canvas } from "./canvas.ts";

export interface MethodDeps {
  readonly engine: Engine;
  readonly devices: Devices;
  readonly setupDesk: SetupDesk;
  readonly nodes: Nodes;
  readonly clock: Clock;
  /** Who is connected right now. */
  readonly connections: () => readonly ConnectionInfo[];
  readonly canvas: Canvas;
  readonly runs: Runs;
  readonly media: MediaStore;
  readonly channels: ChannelRegistry;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Where the log is kept; absent when it is kept nowhere. */
  readonly logFile?: string | undefined;
  readonly stateDirectory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** As they were read at start. */
  readonly settings: Settings;
  readonly configuration: Configuration;
  readonly keeper: VaultKeeper;
  readonly identity: GatewayIdentity;
  /** People, tenants and keys, where they are asked for. */
  readonly people?: People | undefined;
  /** Agents that connected by themselves to this process. */
  readonly agentLinks: AgentLinks;
  /** Calls addresses of others, by the rules of where the gateway may call. */
  readonly post: Post;
  /** What proves a later answer. */
  readonly replyTokens: ReplyTokens;
  /** Where the gateway listens, once it does. */
  port(): number | undefined;
  /** Ends and starts again in the same process, after `delayMs`; absent where nobody would start it again. */
  readonly restart?: Restart | undefined;
}

export type Restart = (request: RestartRequest) => void;

export interface RestartRequest {
  /** For the log. */
  readonly reason: string;
  readonly delayMs: number;
}
