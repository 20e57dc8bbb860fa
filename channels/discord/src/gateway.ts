/** The account's shards with what they have in common: sessions that outlive the process, and one way into the inbox. */
import { type AccountContext, toSwitchboardError } from "@switchboard/domain";
import { Shard, type ShardOptions } from "./shard.ts";

export type GatewayOptions = Omit<ShardOptions, "turn">;

const IDENTIFY_MS = 5_000;

export class Gateway {
  readonly #shards: readonly Shard[];
  readonly #lost: GatewayOptions["lost"];
  #closed = false;

  constructor(options: GatewayOptions) {
    const { concurrency, shards } = options.login.gateway;
    const turn = identifyTurns(options.context, concurrency);
    this.#lost = options.lost;
    this.#shards = Array.from({ length: shards }, (_, index) => new Shard({ ...options, turn }, index, shards));
  }

  /** Resolves when the first shard is there; the others follow, and a failure of theirs is a loss. @throws what it says. */
  async connect(): Promise<void> {
    const [first, ...others] = this.#shards;
    await first?.connect();
    void this.#connectAll(others);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#shards.map((shard) => shard.close()));
  }

  async #connectAll(shards: readonly Shard[]): Promise<void> {
    try {
      for (const shard of shards) await shard.connect();
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
