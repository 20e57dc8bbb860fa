/** All accounts of this process: loads, starts, changes and removes them, each on its own. */
import {
  type AccountRef,
  accountKey,
  type OutboundMedia,
  type RawEvent,
  SwitchboardError,
  type TenantId,
  toErrorRecord,
  type WebhookReply,
  type WebhookRequest,
} from "@switchboard/domain";
import { OneAtATime } from "../one-at-a-time.ts";
import type { Account, Authority } from "../ports/index.ts";
import { isSame, refOf } from "./account-rows.ts";
import { isSealed, sameSecrets } from "./account-secrets.ts";
import type { AccountInput, AccountsPorts, LogOutAtPlatform } from "./accounts-ports.ts";
import { Claims } from "./claims.ts";
import { Comparison } from "./comparison.ts";
import { createRuntime, webhookAddress } from "./create-runtime.ts";
import { PUBLISHED_MEDIA, readPublished } from "./published-media.ts";
import { type AccountRuntime, accountConfig, accountSettings, hasConfigOf } from "./runtime.ts";
import { byOwner } from "./siblings.ts";
import { type AccountStatus, brokenStatus } from "./status.ts";
import { tellPlatform } from "./tell-platform.ts";
import { type CalledAccount, takeCall, takeEvents } from "./webhook-calls.ts";

/** How many accounts connect at the same time at start-up. */
const STARTS_AT_ONCE = 16;
/** How often it is looked whether a key that was not at hand is there again. */
const LOOK_AGAIN_MS = 15_000;

export class Accounts {
  readonly #runtimes = new Map<string, AccountRuntime>();
  /** Accounts that cannot run, and why: an unknown channel, a config that is no longer valid. */
  readonly #broken = new Map<string, { row: Account; error: SwitchboardError }>();
  readonly #ports: AccountsPorts;
  /** By account: two changes that met would each leave a connection of their own. */
  readonly #changes = new OneAtATime();
  /** Accounts that were there at the start and wait for their turn to connect. */
  #waiting: AccountRuntime[] = [];
  #started = false;
  #stopLooking: (() => void) | undefined;
  readonly #comparison: Comparison;
  /** Absent: no other process works on the store. */
  readonly #claims: Claims | undefined;

  constructor(ports: AccountsPorts) {
    this.#ports = ports;
    this.#claims = ports.others && new Claims({ ...ports, ...ports.others });
    this.#comparison = new Comparison({
      ...ports,
      known: () => [...this.#list().map(({ row }) => row), ...[...this.#broken.values()].map(({ row }) => row)],
      follow: (ref) => this.follow(ref),
    });
  }

  /** Reads every account from the store. One that cannot be read is reported and stops nobody else. */
  async load(): Promise<void> {
    const rows = await this.#ports.store.accounts.all();
    await Promise.all(rows.map((row) => this.#alone(row, () => this.#adopt(row))));
  }

  /** Connects every enabled account, a few at a time. Does not wait for them. */
  start(): void {
    this.#started = true;
    this.#waiting = this.#list();
    for (let i = 0; i < STARTS_AT_ONCE; i++) this.#startNext();
    this.#lookAgainLater();
    if (!this.#claims) return;
    this.#comparison.start();
    this.#claims.start();
  }

  /** Connects nothing any more that does not connect already. */
  stopStarting(): void {
    this.#started = false;
    this.#waiting = [];
    this.#stopLooking?.();
    this.#stopLooking = undefined;
    this.#comparison.stop();
  }

  async stop(): Promise<void> {
    this.stopStarting();
    await this.#changes.idle();
    await Promise.all(this.#list().map(({ supervisor }) => supervisor.stop()));
    this.#claims?.stop();
    // Whoever stands by need not wait for the next look.
    for (const { ref, row } of this.#list()) if (row.enabled) this.#ports.others?.tell(ref);
  }

  get(ref: AccountRef): AccountRuntime | undefined {
    return this.#runtimes.get(accountKey(ref));
  }

  /** @throws CFG_003, or what keeps the account from running. */
  require(ref: AccountRef): AccountRuntime {
    const runtime = this.get(ref);
    if (runtime) return runtime;
    const broken = this.#broken.get(accountKey(ref));
    if (broken) throw broken.error;
    throw noSuchAccount(ref);
  }

  list(tenant?: TenantId): readonly AccountRuntime[] {
    const all = this.#list();
    return tenant === undefined ? all : all.filter(({ ref }) => ref.tenant === tenant);
  }

  statuses(tenant: TenantId): readonly AccountStatus[] {
    const broken = [...this.#broken.values()].filter(({ row }) => row.tenant === tenant);
    return [
      ...this.list(tenant).map(({ supervisor }) => supervisor.status()),
      ...broken.map(({ row, error }) => brokenStatus(row, error, this.#ports.clock.now())),
    ];
  }

  /**
   * Adds or changes an account. Settings take effect at once; only another config or secret reconnects it, and only
   * it. @throws CFG_001, CFG_002.
   */
  put(input: AccountInput): Promise<AccountRuntime> {
    return this.#alone(input, () => this.#put(input));
  }

  async #put(input: AccountInput): Promise<AccountRuntime> {
    const { channels, clock, store, vault } = this.#ports;
    const ref: AccountRef = { tenant: input.tenant, channel: input.channel, account: input.account };
    const channel = await channels.load(input.channel);
    await this.#catchUp(ref);
    const secrets: Record<string, string> = {};
    const config: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(input.config)) {
      if (channel.config.secrets.includes(name)) secrets[name] = String(value);
      else config[name] = value;
    }
    const before = this.get(ref);
    const sealed =
      Object.keys(secrets).length === 0
        ? undefined
        : before?.row.sealed && (await sameSecrets(vault, before.row, secrets))
          ? before.row.sealed
          : await vault.seal(ref, "credential", secrets);
    // Another credential may be somebody else's.
    const self = input.self ?? (before?.row.sealed === sealed ? before?.self : undefined);
    const known = this.#rowOf(ref);
    const wanted: Account = {
      ...ref,
      source: input.source,
      enabled: input.enabled,
      config: config as Account["config"],
      settings: input.settings as Account["settings"],
      createdAt: known?.createdAt ?? clock.now(),
      updatedAt: clock.now(),
      revision: known?.revision ?? 0,
      ...(sealed !== undefined && { sealed }),
      ...(self && { self }),
    };
    await accountConfig(wanted, channel, vault);
    accountSettings(wanted);
    const unchanged =
      before &&
      before.row.sealed === wanted.sealed &&
      JSON.stringify(before.row.config) === JSON.stringify(wanted.config);
    if (before && unchanged && isSame(before.row, wanted)) return before;
    const most = before || wanted.source !== "store" ? undefined : await this.#ports.mostAccounts(ref.tenant);
    const rules = { known: wanted.revision, ...(most !== undefined && { most }) };
    const row = { ...wanted, revision: await store.accounts.put(wanted, clock.now(), rules) };
    if (input.self) await store.accounts.setSelf(ref, input.self);
    this.#ports.others?.tell(ref);
    if (before && unchanged) {
      before.apply(row);
      if (this.#started && row.enabled) before.supervisor.start();
      else if (!row.enabled) await before.supervisor.stop();
      return before;
    }
    await before?.supervisor.retire();
    const runtime = await this.#adopt(row);
    if (this.#started && row.enabled) runtime?.supervisor.start();
    return this.require(ref);
  }

  /** Logs out at the platform where that exists, then wipes the account. Messages stay. */
  remove(ref: AccountRef): Promise<boolean> {
    return this.#alone(ref, () => this.#remove(ref));
  }

  async #remove(ref: AccountRef): Promise<boolean> {
    await tellPlatform(ref, this.get(ref)?.connection, this.#ports);
    await this.#forget(ref);
    await this.#letGo(ref);
    const removed = await this.#ports.store.accounts.remove(ref);
    this.#ports.others?.tell(ref);
    return removed;
  }

  async #forget(ref: AccountRef): Promise<void> {
    await this.get(ref)?.supervisor.retire();
    this.#runtimes.delete(accountKey(ref));
    this.#broken.delete(accountKey(ref));
  }

  /** Logs out at the platform where that exists, then forgets what the account logged in with; it is off. */
  logOut(ref: AccountRef): Promise<{ readonly cleared: boolean; readonly platform: LogOutAtPlatform }> {
    return this.#alone(ref, async () => {
      const { clock, store } = this.#ports;
      const platform = await tellPlatform(ref, this.get(ref)?.connection, this.#ports);
      await this.get(ref)?.supervisor.retire();
      await this.#letGo(ref);
      const cleared = await store.accounts.logOut(ref, clock.now());
      this.#ports.others?.tell(ref);
      const row = await store.accounts.get(ref);
      if (!row) {
        await this.#forget(ref);
        throw noSuchAccount(ref);
      }
      await this.#adopt(row);
      return { cleared, platform };
    });
  }

  /**
   * Puts `row` back in the place of what an attempt to change it has made. Nothing is wiped, and the platform is told
   * nothing. Whoever changed the account since then has the last word.
   */
  restore(row: Account, instead: AccountRuntime): Promise<void> {
    return this.#alone(row, async () => {
      const { clock, store } = this.#ports;
      if (this.get(row) !== instead) return;
      const enabled = row.enabled && instead.row.enabled;
      await instead.supervisor.retire();
      const known = instead.row.revision;
      const restored = {
        ...row,
        enabled,
        revision: await store.accounts.put({ ...row, enabled }, clock.now(), { known }),
      };
      if (row.self) await store.accounts.setSelf(row, row.self);
      this.#ports.others?.tell(instead.ref);
      const runtime = await this.#adopt(restored);
      if (this.#started && restored.enabled) runtime?.supervisor.start();
    });
  }

  /** The tenant's credentials were sealed anew in the store; nothing else of them has changed. */
  async resealed(tenant: TenantId): Promise<void> {
    const apply = async ({ ref }: AccountRuntime) => {
      const row = await this.#ports.store.accounts.get(ref);
      const runtime = this.get(ref);
      if (row?.sealed !== undefined) runtime?.apply({ ...runtime.row, sealed: row.sealed });
    };
    await Promise.all(this.list(tenant).map((runtime) => this.#alone(runtime.ref, () => apply(runtime))));
  }

  /** Turns an account on or off for good, also one that cannot run. @throws CFG_003. */
  enable(ref: AccountRef, enabled: boolean): Promise<void> {
    return this.#alone(ref, () => this.#enable(ref, enabled));
  }

  async #enable(ref: AccountRef, enabled: boolean): Promise<void> {
    const row = await this.#ports.store.accounts.setEnabled(ref, enabled, this.#ports.clock.now());
    if (row) this.#ports.others?.tell(ref);
    await this.#follow(ref, row);
    if (!row) throw noSuchAccount(ref);
  }

  /** Does what another node has made of an account; does nothing when that is what it is here. */
  async follow(ref: AccountRef): Promise<void> {
    await this.#alone(ref, () => this.#catchUp(ref, true));
    if (this.get(ref)?.supervisor.standsBy) await this.#lookElsewhere(ref);
  }

  async #lookElsewhere(ref: AccountRef): Promise<void> {
    const { log } = this.#ports;
    try {
      const status = await this.#claims?.elsewhere(ref);
      this.get(ref)?.supervisor.sawElsewhere(status);
    } catch (error) {
      log.warn({ account: accountKey(ref), error: toErrorRecord(error) }, "could not ask how an account is elsewhere");
    }
  }

  /** Turns the account off where it runs, so that nothing it keeps is written after it was wiped. */
  async #letGo(ref: AccountRef): Promise<void> {
    const { clock, others, store } = this.#ports;
    if (!this.#claims || !others) return;
    await store.accounts.setEnabled(ref, false, clock.now());
    others.tell(ref);
    await this.#claims.othersLetGo(ref);
  }

  /** What a change rests on is what the account is by now, not what it was when this node last looked. */
  async #catchUp(ref: AccountRef, grants = false): Promise<void> {
    const { others, store } = this.#ports;
    if (others) await this.#follow(ref, await store.accounts.get(ref), grants);
  }

  /** Brings what runs here in line with the stored row. Only another config or credential reconnects it. */
  async #follow(ref: AccountRef, row: Account | undefined, grants = false): Promise<void> {
    if (!row) return this.#forget(ref);
    const runtime = this.get(ref);
    if (!runtime || !(await hasConfigOf(runtime, row, this.#ports.vault))) {
      const known = this.#rowOf(ref);
      if (!runtime && known?.revision === row.revision && known.createdAt === row.createdAt) return;
      await runtime?.supervisor.retire();
      const adopted = await this.#adopt(row);
      if (this.#started && row.enabled) adopted?.supervisor.start();
      return;
    }
    if (grants) runtime.apply(row, await this.#ports.store.accounts.grants(ref));
    else runtime.apply(row);
    if (!row.enabled) await runtime.supervisor.stop();
    else if (this.#started) runtime.supervisor.start();
  }

  #rowOf(ref: AccountRef): Account | undefined {
    return this.get(ref)?.row ?? this.#broken.get(accountKey(ref))?.row;
  }

  grant(ref: AccountRef, authority: Authority, subject: string, grantedBy: string): Promise<void> {
    const { clock, store } = this.#ports;
    const { channel, account } = ref;
    return this.regrant(ref, () => {
      this.require(ref);
      const given = { channel, account, authority, subject, grantedAt: clock.now(), grantedBy };
      return store.accounts.grant(ref.tenant, given);
    });
  }

  revoke(ref: AccountRef, authority: Authority, subject: string): Promise<boolean> {
    return this.regrant(ref, () => {
      this.require(ref);
      return this.#ports.store.accounts.revoke(ref, authority, subject);
    });
  }

  /** Makes a change of the account's grants in the store; when it resolves the account works with them. */
  regrant<T>(ref: AccountRef, change: () => Promise<T>): Promise<T> {
    return this.#alone(ref, async () => {
      const result = await change();
      const runtime = this.get(ref);
      runtime?.apply(runtime.row, await this.#ports.store.accounts.grants(ref));
      this.#ports.others?.tell(ref);
      return result;
    });
  }

  /**
   * Takes a platform's webhook call: verified before parsed, stored before answered. Resolves with what the platform
   * wants to hear, if that is anything in particular.
   * @throws REQ_002 for an account that takes none, SEC_002, REQ_001, CONN_001 before it knows who it is, STORE_*.
   */
  async webhook(ref: AccountRef, request: WebhookRequest): Promise<WebhookReply | undefined> {
    const runtime = this.get(ref);
    if (!runtime?.row.enabled) throw new SwitchboardError("REQ_002", "No such webhook.");
    const { channel, config, supervisor, webhookSecret: secret } = runtime;
    if (secret === undefined) throw new SwitchboardError("REQ_002", "No such webhook.");
    const called: CalledAccount = {
      account: ref.account,
      channel,
      config,
      secret,
      identified: () => supervisor.identified(),
      connection: () => supervisor.connection,
      sawInbound: () => supervisor.sawInbound(),
      take: async (events) => {
        for (const [owner, theirs] of byOwner(runtime, events, this.#list())) await this.#take(owner, theirs);
      },
    };
    return takeCall(called, request);
  }

  /**
   * Opens a file by the address that `AccountContext.publish` gave out.
   * @throws REQ_002 for an address that is not good, or no longer.
   */
  async published(ref: AccountRef, token: string, signal: AbortSignal): Promise<OutboundMedia> {
    const { clock, files, vault } = this.#ports;
    const runtime = this.get(ref);
    if (!runtime) throw new SwitchboardError("REQ_002", "There is no such file.");
    const attachment = readPublished(await vault.derive(ref, PUBLISHED_MEDIA), token, clock.now());
    return files.outbound(ref.tenant, attachment, runtime.channel.capabilities.attachments[attachment.kind], signal);
  }

  /** Stores what a connection received: its own as it is, a sibling's as the sibling would have got it. */
  async #receive(ref: AccountRef, events: readonly RawEvent[]): Promise<void> {
    const runtime = this.get(ref);
    if (!runtime) return this.#ports.receive(ref, events);
    for (const [owner, theirs] of byOwner(runtime, events, this.#list())) {
      if (owner === runtime) await this.#ports.receive(ref, theirs);
      else await this.#take(owner, theirs);
    }
  }

  async #take({ ref, supervisor }: AccountRuntime, events: readonly RawEvent[]): Promise<void> {
    supervisor.sawInbound();
    await takeEvents(events, {
      connection: supervisor.connection,
      receive: (noted) => this.#ports.receive(ref, noted),
      hear: (noted) => supervisor.hear(noted),
    });
  }

  #alone<T>(ref: AccountRef, change: () => Promise<T>): Promise<T> {
    return this.#changes.run(accountKey(ref), change);
  }

  #list(): AccountRuntime[] {
    return [...this.#runtimes.values()];
  }

  /** Starts one of those that wait, if it is still what it was and wanted. */
  #startNext(): void {
    for (let runtime = this.#waiting.shift(); runtime; runtime = this.#waiting.shift()) {
      if (!runtime.row.enabled || this.get(runtime.ref) !== runtime) continue;
      runtime.supervisor.start();
      void runtime.supervisor.settled().then(() => this.#startNext());
      return;
    }
  }

  async #adopt(row: Account): Promise<AccountRuntime | undefined> {
    const { log } = this.#ports;
    const key = accountKey(row);
    try {
      const runtime = await createRuntime(
        row,
        (ref, events) => this.#receive(ref, events),
        this.#ports,
        this.#claims && { claims: this.#claims, onStandBy: () => void this.#lookElsewhere(row) },
      );
      this.#broken.delete(key);
      this.#runtimes.set(key, runtime);
      return runtime;
    } catch (thrown) {
      const error = thrown instanceof SwitchboardError ? thrown : new SwitchboardError("CFG_001", String(thrown));
      const about = { account: key, error: toErrorRecord(error) };
      const isNews = this.#broken.get(key)?.error.message !== error.message;
      if (!isNews) log.debug(about, "an account still cannot run");
      else if (row.enabled) log.error(about, `an account cannot run: ${error.message}`);
      else log.info(about, `an account that is off could not run: ${error.message}`);
      this.#runtimes.delete(key);
      this.#broken.set(key, { row, error });
      if (this.#started) this.#lookAgainLater();
      return undefined;
    }
  }

  /** Accounts whose key is not at hand come back by themselves when it does. */
  #lookAgainLater(): void {
    if (this.#stopLooking || !this.#sealedUp().length) return;
    this.#stopLooking = this.#ports.clock.after(LOOK_AGAIN_MS, () => void this.#lookAgain());
  }

  async #lookAgain(): Promise<void> {
    const { log, store, vault } = this.#ports;
    try {
      await vault.refresh();
      const adopt = async (ref: AccountRef) => {
        const row = this.#broken.has(accountKey(ref)) ? await store.accounts.get(ref) : undefined;
        const runtime = row && (await this.#adopt(row));
        if (this.#started && runtime?.row.enabled) runtime.supervisor.start();
      };
      await Promise.all(this.#sealedUp().map((ref) => this.#alone(ref, () => adopt(ref))));
    } catch (error) {
      log.warn({ error: toErrorRecord(error) }, "could not look for the encryption key");
    }
    this.#stopLooking = undefined;
    if (this.#started) this.#lookAgainLater();
  }

  #sealedUp(): AccountRef[] {
    return [...this.#broken.values()].filter(({ error }) => isSealed(error)).map(({ row }) => refOf(row));
  }

  /** Where a platform calls for an account, also for one that is yet to be added; `undefined` without a public address. */
  webhookAddress(ref: AccountRef): string | undefined {
    return webhookAddress(ref, this.#ports.publicUrl);
  }
}

function noSuchAccount({ account, channel }: AccountRef): SwitchboardError {
  return new SwitchboardError("CFG_003", `There is no account ${channel}:${account}.`);
}
