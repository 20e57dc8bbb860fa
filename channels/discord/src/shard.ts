/**
 * One shard over all its connections. Its session is kept in the account's memory with the newest dispatch that was
 * stored, so that also after a restart Discord sends what is missing.
 */
import { type AccountContext, SwitchboardError, toSwitchboardError } from "@switchboard/domain";
import type { DiscordConfig } from "./config.ts";
import { DispatchQueue } from "./dispatch-queue.ts";
import { Guilds } from "./guilds.ts";
import type { Login } from "./login.ts";
import { type Dispatch, ShardConnection, type ShardSession } from "./shard-connection.ts";

export interface ShardOptions {
  readonly context: AccountContext<DiscordConfig>;
  readonly login: Login;
  /** As `AccountContext.lost`. */
  readonly lost: (error: SwitchboardError) => void;
  /** Stores a dispatch; `at` names its place in its session. In order within a shard; tried again until it resolves. */
  readonly store: (dispatch: Dispatch, at: string, guilds: ReadonlySet<string>) => Promise<void>;
  /** Resolves when a shard may identify. */
  readonly turn: () => Promise<void>;
}

/** A connection that ended sooner was a short one; after so many in a row the next waits, as the supervisor decides. */
const SHORT_MS = 5_000;
const SHORT_ONES = 3;

export class Shard {
  readonly #options: ShardOptions;
  readonly #number: readonly [number, number];
  readonly #key: string;
  readonly #queue: DispatchQueue;
  readonly #guilds: Guilds;
  #connection: ShardConnection | undefined;
  #session: ShardSession | undefined;
  #readyAt = 0;
  #short = 0;
  #closed = false;

  constructor(options: ShardOptions, index: number, count: number) {
    this.#options = options;
    this.#number = [index, count];
    const { context, login, store } = options;
    // Another bot or another number of shards has sessions of its own.
    const shard = `${login.self.id}/${index}/${count}`;
    this.#key = `session/${shard}`;
    this.#guilds = new Guilds(context.memory, `guilds/${shard}`);
    this.#queue = new DispatchQueue({
      context,
      store: async (dispatch, at) => {
        await store(dispatch, at, this.#guilds.ids);
        await this.#guilds.stored(dispatch);
      },
      onStored: (dispatch, at) => this.#onStored(dispatch, at),
      onEmpty: () => this.#keep(),
      onFull: (error) => {
        void this.close();
        options.lost(error);
      },
    });
  }

  async connect(): Promise<void> {
    await this.#guilds.load();
    this.#session = parseSession(await this.#options.context.memory.get(this.#key));
    await this.#open();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queue.stop();
    await this.#connection?.close();
  }

  /** Resumes, or begins anew where Discord has forgotten the session. */
  async #open(): Promise<void> {
    try {
      await this.#connect();
    } catch (thrown) {
      const connection = this.#connection;
      if (this.#session && connection?.sessionOver) {
        await this.#forget();
        return this.#connect();
      }
      // An address of a session may be gone; the next time it is resumed where everybody begins.
      if (this.#session && !connection?.greeted)
        await this.#keep({ ...this.#session, url: this.#options.login.gateway.url });
      throw thrown;
    }
  }

  async #connect(): Promise<void> {
    const { context, login, turn } = this.#options;
    if (!this.#session) await turn();
    if (this.#closed || context.signal.aborted) throw new SwitchboardError("SYS_001");
    const connection = new ShardConnection({
      url: this.#session?.url ?? login.gateway.url,
      token: context.config.token,
      intents: login.intents,
      shard: this.#number,
      timeoutMs: context.config.requestTimeoutMs,
      session: () => this.#session,
      onDispatch: (dispatch) => this.#take(dispatch),
      onPong: () => context.alive({ kind: "pong", at: Date.now() }),
      onEnd: (error) => void this.#onEnd(error, connection),
    });
    this.#connection = connection;
    await connection.connect();
    this.#readyAt = performance.now();
    // Before the session: who resumes it must know where the bot was.
    await this.#guilds.keep();
    await this.#keep();
  }

  /** Discord ends connections now and then; the session goes on. One try, then it is the supervisor's. */
  async #onEnd(error: SwitchboardError, connection: ShardConnection): Promise<void> {
    if (this.#closed) return;
    const { lost } = this.#options;
    try {
      if (connection.sessionOver) await this.#forget();
      this.#short = performance.now() - this.#readyAt < SHORT_MS ? this.#short + 1 : 0;
      if (!this.#session || !error.retryable || this.#short > SHORT_ONES) return lost(error);
      await connection.close();
      // What was received but not stored yet still waits; Discord sends it once more, and its key is known then.
      await this.#open();
    } catch (thrown) {
      if (!this.#closed) lost(toSwitchboardError(thrown, "CONN_001"));
    }
  }

  #take(dispatch: Dispatch): void {
    if (dispatch.t === "READY") {
      const { guilds, resume_gateway_url, session_id } = dispatch.d as {
        readonly guilds: readonly { readonly id: string }[];
        readonly resume_gateway_url: string;
        readonly session_id: string;
      };
      this.#guilds.begin(guilds.map(({ id }) => id));
      this.#session = { id: session_id, url: resume_gateway_url, seq: dispatch.s };
      return;
    }
    if (dispatch.t !== "RESUMED") this.#queue.add(dispatch, this.#placeOf(dispatch));
  }

  #placeOf({ s }: Dispatch): string {
    return `${this.#session?.id ?? ""}/${s}`;
  }

  #onStored(dispatch: Dispatch, at: string): void {
    // Of a session before this one: its numbers mean nothing here.
    if (!this.#session || at !== this.#placeOf(dispatch) || dispatch.s <= this.#session.seq) return;
    this.#session = { ...this.#session, seq: dispatch.s };
  }

  async #keep(session = this.#session): Promise<void> {
    this.#session = session;
    if (session) await this.#options.context.memory.set(this.#key, JSON.stringify(session));
  }

  async #forget(): Promise<void> {
    this.#session = undefined;
    await this.#options.context.memory.remove(this.#key);
  }
}

function parseSession(text: string | undefined): ShardSession | undefined {
  if (text === undefined) return undefined;
  const { id, seq, url } = JSON.parse(text) as Partial<ShardSession>;
  return id !== undefined && url !== undefined && seq !== undefined ? { id, seq, url } : undefined;
}
