/**
 * Logging accounts in by steps: one login an account at a time, in the process that began it; seen, answered and cancelled
 * at any. Nothing of the account is written before the platform has said yes.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  type AccountRef,
  accountKey,
  type Channel,
  type ChannelId,
  type Install,
  type JsonObject,
  type LoggedIn,
  type LoginKind,
  SwitchboardError,
} from "@switchboard/domain";
import { type Clock, type Log, type Store, sleep, timeLimit, type Vault } from "../../ports/index.ts";
import { newNonce, readState, writeState } from "../install-state.ts";
import { ended, hasEnded, type LoginRow, LoginRows } from "./row.ts";
import { ALIVE_MS, LoginRun } from "./run.ts";
import { takeStart } from "./starts.ts";

/** From the beginning to the platform's yes. */
export const LOGIN_TTL_MS = 10 * 60_000;
const EXCHANGE_TIMEOUT_MS = 30_000;
/** How long whoever begins waits for the first step. */
const FIRST_STEP_MS = 10_000;
/** How often it is looked whether another process changed a login that somebody waits for. */
const LOOK_EVERY_MS = 1_000;
/** What states are signed for, see `Vault.derive`. */
const LOGIN = "login";
/** What states of logins begin with: platforms send everybody back to one address. */
export const LOGIN_STATE = "login.";
const WORD = /^[\w.-]{1,64}$/;

export interface LoginsPorts {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
  /** Where platforms send people back; absent without a public address. */
  redirectUrl(channel: ChannelId): string | undefined;
}

export interface BeginLogin {
  readonly channel: Channel;
  /** Of the account, without what comes out of the login; valid as far as it goes. */
  readonly config: JsonObject;
  /** A login of the account that is under way is cancelled; else it is refused with REQ_004. */
  readonly restart: boolean;
  /** What the browser that begins it will show again when it comes back. */
  readonly browser?: string | undefined;
  /** Makes the account and connects it. Rejects when that comes to nothing, and leaves nothing then. */
  finish(loggedIn: LoggedIn): Promise<void>;
}

/** What came back with a person, and what their browser holds. */
export interface LoginReturned {
  readonly state: string;
  readonly code?: string | undefined;
  readonly error?: string | undefined;
  readonly browsers: readonly string[];
}

/** How an account of a channel is logged in by steps; `undefined` where a secret is pasted. */
export function loginKind({ install, login }: Pick<Channel, "install" | "login">): LoginKind | undefined {
  return login?.kind ?? (install ? "redirect" : undefined);
}

/** Properties of the config that come out of a login. */
export function loginOwn({ install, login }: Pick<Channel, "install" | "login">): readonly string[] {
  return login?.own ?? install?.own ?? [];
}

export class Logins {
  readonly #ports: LoginsPorts;
  readonly #rows: LoginRows;
  readonly #runs = new Map<string, LoginRun>();
  readonly #waiting = new Map<string, Set<() => void>>();
  #stopped = false;

  constructor(ports: LoginsPorts) {
    this.#ports = ports;
    this.#rows = new LoginRows(ports);
  }

  /** Nobody should wait for anything here any more. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** @throws REQ_001 for a channel without steps, REQ_004 while one is under way, SEC_011 after too many. */
  async begin(ref: AccountRef, options: BeginLogin): Promise<LoginRow> {
    const { channel, restart } = options;
    const kind = loginKind(channel);
    if (!kind) throw new SwitchboardError("REQ_001", `${channel.label} is not logged in by steps: paste its secret.`);
    if (this.#stopped) throw new SwitchboardError("SYS_001", "The gateway is being stopped.");
    const redirectUrl = kind === "redirect" ? this.#requireRedirectUrl(channel.id) : undefined;
    const { clock, store } = this.#ports;
    await takeStart(store, ref, clock.now());
    const now = clock.now();
    const fresh: LoginRow = {
      id: randomBytes(18).toString("base64url"),
      kind,
      state: "wait",
      revision: 1,
      text: "The login begins.",
      startedAt: now,
      expiresAt: now + LOGIN_TTL_MS,
      aliveUntil: now + ALIVE_MS,
      ...(options.browser !== undefined && { browser: digest(options.browser) }),
    };
    await this.#rows.change(ref, (present) => {
      if (present && !hasEnded(present) && (!restart || present.connecting)) {
        throw new SwitchboardError("REQ_004", "A login of this account is under way.", {
          action: "Go on with it, or cancel it first.",
        });
      }
      return fresh;
    });
    const { log } = this.#ports;
    const run = new LoginRun(ref, fresh, { rows: this.#rows, clock, log, changed: (each) => this.#changed(each) });
    const key = accountKey(ref);
    void this.#runs.get(key)?.look();
    this.#runs.set(key, run);
    void run
      .through(() => this.#steps(run, options, redirectUrl), options.finish)
      .finally(() => {
        if (this.#runs.get(key) === run) this.#runs.delete(key);
      });
    return this.wait(ref, fresh.id, fresh.revision, FIRST_STEP_MS, new AbortController().signal);
  }

  /** Without `id` the account's newest. @throws REQ_002 for what is no login of this account. */
  async get(ref: AccountRef, id?: string): Promise<LoginRow> {
    const row = await this.#rows.read(ref);
    if (row && (id === undefined || same(row.id, id))) return row;
    throw new SwitchboardError("REQ_002", "There is no such login.", { action: "Begin a new one." });
  }

  /** Resolves with the login once it is past `revision`, or as it is after `ms`. @throws REQ_002. */
  async wait(ref: AccountRef, id: string, revision: number, ms: number, signal: AbortSignal): Promise<LoginRow> {
    const { clock } = this.#ports;
    const until = clock.now() + ms;
    for (;;) {
      const { changed, unlisten } = this.#listen(ref);
      try {
        const row = await this.get(ref, id);
        const left = until - clock.now();
        if (row.revision > revision || hasEnded(row) || left <= 0 || signal.aborted || this.#stopped) return row;
        await Promise.race([changed, sleep(clock, Math.min(LOOK_EVERY_MS, left), signal).catch(() => {})]);
      } finally {
        unlisten();
      }
    }
  }

  /** A code that was typed. @throws REQ_002, REQ_004 when none is asked for now. */
  async type(ref: AccountRef, id: string, code: string): Promise<LoginRow> {
    await this.get(ref, id);
    return this.#answer(ref, id, (row) => {
      if (row.state !== "code" || row.answer) throw new SwitchboardError("REQ_004", "No code is asked for now.");
      return { ...row, state: "wait", text: "The code is being checked.", answer: { code: code.trim() } };
    });
  }

  /** @throws REQ_002, REQ_004 when it is too late. One that has ended stays as it ended. */
  async cancel(ref: AccountRef, id: string): Promise<LoginRow> {
    await this.get(ref, id);
    return this.#answer(ref, id, (row) => {
      if (row.connecting) {
        throw new SwitchboardError("REQ_004", "The account is being connected already.", {
          action: "Wait a moment, then disconnect it.",
        });
      }
      return ended(row, "cancelled", "The login was cancelled.");
    });
  }

  /**
   * Somebody came back from the platform. Resolves with how the login ended, or as it is when that takes long.
   * @throws SEC_002 for a state that is not good, any more, or comes by another browser than it went out.
   */
  async returned(channel: ChannelId, { browsers, code, error, state }: LoginReturned): Promise<LoginRow> {
    const { clock, vault } = this.#ports;
    // Only where a login is: a stranger's text makes no tenant.
    const keyOf = async (ref: AccountRef) => ((await this.#rows.isThere(ref)) ? vault.derive(ref, LOGIN) : undefined);
    const text = state.slice(LOGIN_STATE.length);
    const { from, nonce } = await readState(keyOf, channel, text, clock.now()).catch((thrown: unknown) => {
      throw thrown instanceof SwitchboardError && thrown.code === "SEC_002" ? stale() : thrown;
    });
    const { id } = (await this.#rows.read(from)) ?? { id: "" };
    const row = await this.#answer(from, id, ({ nonce: expected, ...present }) => {
      const isIts = present.browser === undefined || browsers.some((each) => same(digest(each), present.browser ?? ""));
      if (expected === undefined || !same(expected, nonce) || !isIts) throw stale();
      const answer = code !== undefined && error === undefined ? { code } : { error: error ?? "no code came back" };
      return { ...present, state: "wait", text: "The platform's answer is being checked.", answer };
    });
    if (hasEnded(row)) throw stale();
    let seen = row;
    const until = clock.now() + EXCHANGE_TIMEOUT_MS;
    while (!hasEnded(seen) && !this.#stopped && clock.now() < until) {
      seen = await this.wait(from, id, seen.revision, until - clock.now(), new AbortController().signal);
    }
    return seen;
  }

  /** Every login of this process ends; whoever waits for one is told. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const waiting of this.#waiting.values()) for (const resolve of waiting) resolve();
    await Promise.all([...this.#runs.values()].map((run) => run.stop()));
  }

  #steps(run: LoginRun, { channel, config }: BeginLogin, redirectUrl: string | undefined): Promise<LoggedIn> {
    if (channel.login) return channel.login.run(run.request(config));
    return this.#redirect(run, channel.install as Install<unknown>, config, redirectUrl ?? "");
  }

  async #redirect(
    run: LoginRun,
    install: Install<unknown>,
    config: JsonObject,
    redirectUrl: string,
  ): Promise<LoggedIn> {
    const { clock, vault } = this.#ports;
    const nonce = newNonce();
    const signed = { from: run.ref, nonce, until: clock.now() + LOGIN_TTL_MS };
    const state = LOGIN_STATE + writeState(await vault.derive(run.ref, LOGIN), signed);
    const payload = install.authorizeUrl({ config, redirectUrl, state });
    await run.update({ state: "redirect", text: "Open the page of the platform and agree there.", payload, nonce });
    const { code, error } = await run.answered();
    if (code === undefined) {
      const word = error !== undefined && WORD.test(error) ? error : "no code came back";
      throw new SwitchboardError("REQ_001", `The platform did not let the app in: ${word}.`, {
        action: "Begin again.",
      });
    }
    const late = () => new SwitchboardError("CONN_007", "The platform did not answer in time.");
    const limit = timeLimit(clock, EXCHANGE_TIMEOUT_MS, late, run.signal);
    try {
      const { config: own, self } = await install.complete({ config, redirectUrl, code, signal: limit.signal });
      return { config: own, self };
    } finally {
      limit.end();
    }
  }

  /** Changes a login under way; one that has ended stays, and is what resolves. */
  async #answer(ref: AccountRef, id: string, change: (row: LoginRow) => LoginRow): Promise<LoginRow> {
    const row = await this.#rows.change(ref, (present) => {
      if (!present || !same(present.id, id) || hasEnded(present)) return undefined;
      const next = change(present);
      return { ...next, revision: present.revision + 1 };
    });
    if (!row) throw new SwitchboardError("REQ_002", "There is no such login.");
    this.#changed(ref);
    await this.#runs.get(accountKey(ref))?.look();
    return row;
  }

  /** `changed` resolves with the next change in this process. */
  #listen(ref: AccountRef): { readonly changed: Promise<void>; unlisten(): void } {
    const key = accountKey(ref);
    const { promise: changed, resolve } = Promise.withResolvers<void>();
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting.add(resolve));
    const unlisten = () => {
      waiting.delete(resolve);
      if (waiting.size === 0) this.#waiting.delete(key);
    };
    return { changed, unlisten };
  }

  #changed(ref: AccountRef): void {
    for (const resolve of this.#waiting.get(accountKey(ref)) ?? []) resolve();
  }

  #requireRedirectUrl(channel: ChannelId): string {
    const url = this.#ports.redirectUrl(channel);
    if (url !== undefined) return url;
    throw new SwitchboardError("REQ_001", "The gateway has no public address (gateway.publicUrl) to come back to.");
  }
}

function stale(): SwitchboardError {
  const what = "This address was not made here, was used already, is too old, or came back to another browser.";
  return new SwitchboardError("SEC_002", what, { action: "Begin the login again." });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
