/** The account's shards with what they have in common: sessions that outlive the process, and one way into the inbox. */
import { type AccountContext, type SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import type { DiscordConfig } from "./config.ts";
import type { Login } from "./login.ts";
import { Session } from "./session.ts";
import type { Dispatch } from "./shard.ts";

export interface GatewayOptions {
  readonly context: AccountContext<DiscordConfig>;
  readonly login: Login;
  /** As `AccountContext.lost`. */
  readonly lost: (error: SwitchboardError) => void;
  /** Stores a dispatch; `at` names its place in its session. In order within a shard; tried again until it resolves. */
  readonly store: (dispatch: Dispatch, at: string, guilds: ReadonlySet<string>) => Promise<void>;
}

const IDENTIFY_MS = 5_000;

export class Gateway {
  readonly #sessions: readonly Session[];
  readonly #lost: GatewayOptions["lost"];
  #closed = false;

  constructor(options: GatewayOptions) {
    const { concurrency, shards } = options.login.gateway;
    const turn = identifyTurns(options.context, concurrency);
    this.#lost = options.lost;
    this.#sessions = Array.from({ length: shards }, (_, index) => new Session({ ...options, turn }, index, shards));
  }

  /** Resolves when the first shard is there; the others follow, and a failure of theirs is a loss. @throws what it says. */
  async connect(): Promise<void> {
    const [first, ...others] = this.#sessions;
    await first?.connect();
    void this.#connectAll(others);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#sessions.map((session) => session.close()));
  }

  async #connectAll(sessions: readonly Session[]): Promise<void> {
    try {
      for (const session of sessions) await session.connect();
    } catch (thrown) {
      if (!this.#closed) this.#lost(toSwitchboardError(thrown, "CONN_001"));
    }
  }
}

/** So many shards may identify every five seconds, whoever asks: …/events/gateway#rate-limiting */
function identifyTurns(context: Pick<AccountContext, "sleep">, concurrency: number): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = performance.now();
    const wait = Math.max(0, next - now);
    next = now + wait + IDENTIFY_MS / concurrency;
    if (wait > 0) await context.sleep(wait);
  };
}
