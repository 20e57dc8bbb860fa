/** All accounts of this process: loads, starts, changes and removes them, each on its own. */
import {
  type AccountRef,
  accountKey,
  type OutboundMedia,
  SwitchboardError,
  type TenantId,
  toErrorRecord,
  type WebhookReply,
  type WebhookRequest,
} from "@switchboard/domain";
import { OneAtATime } from "../one-at-a-time.ts";
import type { Account, Authority } from "../ports/index.ts";
import { isSame, refOf } from "./account-rows.ts";
import { isSealed } from "./account-secrets.ts";
import type { AccountInput, AccountsPorts, LogOutAtPlatform } from "./accounts-ports.ts";
import { Arrivals } from "./arrivals.ts";
import { createRuntime, webhookAddress } from "./create-runtime.ts";
import { Elsewhere } from "./elsewhere.ts";
import { KeyWatch } from "./key-watch.ts";
import { openPublished } from "./publishing.ts";
import { noSuchAccount, Roster } from "./roster.ts";
import { type AccountRuntime, hasConfigOf } from "./runtime.ts";
import { StartUp } from "./start-up.ts";
import type { AccountStatus } from "./status.ts";
import { tellPlatform } from "./tell-platform.ts";
import { wantedRow } from "./wanted-row.ts";

export class Accounts {
  readonly #ports: AccountsPorts;
  readonly #roster = new Roster();
  readonly #arrivals: Arrivals;
  readonly #startUp: StartUp;
  readonly #keyWatch: KeyWatch;
  /** Absent: no other process works on the store. */
  readonly #elsewhere: Elsewhere | undefined;
  /** By account: two changes that met would each leave a connection of their own. */
  readonly #changes = new OneAtATime();
  #started = false;

  constructor(ports: AccountsPorts) {
    const { others } = ports;
    this.#ports = ports;
    this.#arrivals = new Arrivals(this.#roster, (ref, events) => ports.receive(ref, events));
    this.#startUp = new StartUp((runtime) => this.get(runtime.ref) === runtime);
    this.#keyWatch = new KeyWatch({
      ...ports,
      sealedUp: () =>
        this.#roster
          .broken()
          .filter(({ error }) => isSealed(error))
          .map(({ row }) => refOf(row)),
      tryAgain: (ref) => this.#alone(ref, () => this.#tryAgain(ref)),
    });
    const follow = (ref: AccountRef) => this.follow(ref);
    this.#elsewhere =
      others &&
      new Elsewhere({ ...ports, others, follow, get: (ref) => this.get(ref), known: () => this.#roster.rows() });
  }

  /** Reads every account from the store. One that cannot be read is reported and stops nobody else. */
  async load(): Promise<void> {
    const rows = await this.#ports.store.accounts.all();
    await Promise.all(rows.map((row) => this.#alone(row, () => this.#adopt(row))));
  }

  /** Connects every enabled account, a few at a time. Does not wait for them. */
  start(): void {
    this.#started = true;
    this.#startUp.begin(this.list());
    this.#keyWatch.start();
    this.#elsewhere?.start();
  }

  /** Connects nothing any more that does not connect already. */
  stopStarting(): void {
    this.#started = false;
    this.#startUp.stop();
    this.#keyWatch.stop();
    this.#elsewhere?.stopFollowing();
  }

  async stop(): Promise<void> {
    this.stopStarting();
    await this.#changes.idle();
    await Promise.all(this.list().map(({ supervisor }) => supervisor.stop()));
    this.#elsewhere?.stop();
    // Whoever stands by need not wait for the next look.
    for (const { ref, row } of this.list()) if (row.enabled) this.#elsewhere?.tell(ref);
  }

  get(ref: AccountRef): AccountRuntime | undefined {
    return this.#roster.get(ref);
  }

  /** @throws CFG_003, or what keeps the account from running. */
  require(ref: AccountRef): AccountRuntime {
    return this.#roster.require(ref);
  }

  list(tenant?: TenantId): readonly AccountRuntime[] {
    return this.#roster.list(tenant);
  }

  get ofSeveralTenants(): boolean {
    return this.#roster.ofSeveralTenants;
  }

  /** Of those that cannot run, too. */
  statuses(tenant: TenantId): readonly AccountStatus[] {
    return this.#roster.statuses(tenant, this.#ports.clock.now());
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
    const before = this.get(ref);
    const known = this.#roster.rowOf(ref);
    const wanted = await wantedRow(input, { channel, known, before, vault, now: clock.now() });
    const unchanged =
      before &&
      before.row.sealed === wanted.sealed &&
      JSON.stringify(before.row.config) === JSON.stringify(wanted.config);
    if (before && unchanged && isSame(before.row, wanted)) return before;
    const most = before || wanted.source !== "store" ? undefined : await this.#ports.mostAccounts(ref.tenant);
    const rules = { known: wanted.revision, ...(most !== undefined && { most }) };
    const row = { ...wanted, revision: await store.accounts.put(wanted, clock.now(), rules) };
    if (input.self) await store.accounts.setSelf(ref, input.self);
    this.#elsewhere?.tell(ref);
    if (before && unchanged) {
      before.apply(row);
      await this.#runAsWanted(before);
      return before;
    }
    await before?.supervisor.retire();
    await this.#adoptAndStart(row);
    return this.require(ref);
  }

  /** Logs out at the platform where that exists, then wipes the account. Messages stay. */
  remove(ref: AccountRef): Promise<boolean> {
    return this.#alone(ref, async () => {
      await tellPlatform(ref, this.get(ref)?.connection, this.#ports);
      await this.#forget(ref);
      await this.#elsewhere?.letGo(ref);
      const removed = await this.#ports.store.accounts.remove(ref);
      this.#elsewhere?.tell(ref);
      return removed;
    });
  }

  /** Logs out at the platform where that exists, then forgets what the account logged in with; it is off. */
  logOut(ref: AccountRef): Promise<{ readonly cleared: boolean; readonly platform: LogOutAtPlatform }> {
    return this.#alone(ref, async () => {
      const { clock, store } = this.#ports;
      const platform = await tellPlatform(ref, this.get(ref)?.connection, this.#ports);
      await this.get(ref)?.supervisor.retire();
      await this.#elsewhere?.letGo(ref);
      const cleared = await store.accounts.logOut(ref, clock.now());
      this.#elsewhere?.tell(ref);
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
      const revision = await store.accounts.put({ ...row, enabled }, clock.now(), { known });
      if (row.self) await store.accounts.setSelf(row, row.self);
      this.#elsewhere?.tell(instead.ref);
      await this.#adoptAndStart({ ...row, enabled, revision });
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
    return this.#alone(ref, async () => {
      const row = await this.#ports.store.accounts.setEnabled(ref, enabled, this.#ports.clock.now());
      if (row) this.#elsewhere?.tell(ref);
      await this.#follow(ref, row);
      if (!row) throw noSuchAccount(ref);
    });
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
      this.#elsewhere?.tell(ref);
      return result;
    });
  }

  /** Does what another node has made of an account; does nothing when that is what it is here. */
  async follow(ref: AccountRef): Promise<void> {
    await this.#alone(ref, () => this.#catchUp(ref, true));
    if (this.get(ref)?.supervisor.standsBy) await this.#elsewhere?.look(ref);
  }

  /** Takes a platform's call for an account, see `Arrivals.ofCall`. */
  webhook(ref: AccountRef, request: WebhookRequest): Promise<WebhookReply | undefined> {
    return this.#arrivals.ofCall(ref, request);
  }

  /** Where a platform calls for an account, also for one that is yet to be added; `undefined` without a public address. */
  webhookAddress(ref: AccountRef): string | undefined {
    return webhookAddress(ref, this.#ports.publicUrl);
  }

  /**
   * Opens a file by the address that `AccountContext.publish` gave out.
   * @throws REQ_002 for an address that is not good, or no longer.
   */
  async published(ref: AccountRef, token: string, signal: AbortSignal): Promise<OutboundMedia> {
    const runtime = this.get(ref);
    if (!runtime) throw new SwitchboardError("REQ_002", "There is no such file.");
    return openPublished(runtime, token, this.#ports, signal);
  }

  #alone<T>(ref: AccountRef, change: () => Promise<T>): Promise<T> {
    return this.#changes.run(accountKey(ref), change);
  }

  /** What a change rests on is what the account is by now, not what it was when this node last looked. */
  async #catchUp(ref: AccountRef, grants = false): Promise<void> {
    if (this.#elsewhere) await this.#follow(ref, await this.#ports.store.accounts.get(ref), grants);
  }

  /** Brings what runs here in line with the stored row. Only another config or credential reconnects it. */
  async #follow(ref: AccountRef, row: Account | undefined, grants = false): Promise<void> {
    if (!row) return this.#forget(ref);
    const runtime = this.get(ref);
    if (!runtime || !(await hasConfigOf(runtime, row, this.#ports.vault))) {
      const known = this.#roster.rowOf(ref);
      if (!runtime && known?.revision === row.revision && known.createdAt === row.createdAt) return;
      await runtime?.supervisor.retire();
      return this.#adoptAndStart(row);
    }
    if (grants) runtime.apply(row, await this.#ports.store.accounts.grants(ref));
    else runtime.apply(row);
    await this.#runAsWanted(runtime);
  }

  async #runAsWanted({ row, supervisor }: AccountRuntime): Promise<void> {
    if (!row.enabled) await supervisor.stop();
    else if (this.#started) supervisor.start();
  }

  async #forget(ref: AccountRef): Promise<void> {
    await this.get(ref)?.supervisor.retire();
    this.#roster.remove(ref);
  }

  async #tryAgain(ref: AccountRef): Promise<void> {
    const row = this.#roster.brokenOf(ref) && (await this.#ports.store.accounts.get(ref));
    if (row) await this.#adoptAndStart(row);
  }

  async #adoptAndStart(row: Account): Promise<void> {
    const runtime = await this.#adopt(row);
    if (this.#started && runtime?.row.enabled) runtime.supervisor.start();
  }

  async #adopt(row: Account): Promise<AccountRuntime | undefined> {
    try {
      const runtime = await createRuntime(
        row,
        (ref, events) => this.#arrivals.ofConnection(ref, events),
        this.#ports,
        this.#elsewhere && { claims: this.#elsewhere.claims, onStandBy: () => void this.#elsewhere?.look(row) },
      );
      this.#roster.add(runtime);
      return runtime;
    } catch (thrown) {
      const error = thrown instanceof SwitchboardError ? thrown : new SwitchboardError("CFG_001", String(thrown));
      this.#report(row, error);
      this.#roster.addBroken({ row, error });
      this.#keyWatch.look();
      return undefined;
    }
  }

  #report(row: Account, error: SwitchboardError): void {
    const { log } = this.#ports;
    const about = { account: accountKey(row), error: toErrorRecord(error) };
    const isNews = this.#roster.brokenOf(row)?.error.message !== error.message;
    if (!isNews) log.debug(about, "an account still cannot run");
    else if (row.enabled) log.error(about, `an account cannot run: ${error.message}`);
    else log.info(about, `an account that is off could not run: ${error.message}`);
  }
}
