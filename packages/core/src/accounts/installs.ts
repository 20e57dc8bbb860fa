/** Accounts that are made by letting an app in at the platform: the way there, and what follows the way back. */
import {
  type AccountId,
  type AccountRef,
  type ChannelId,
  type Install,
  type Installed,
  SwitchboardError,
  toSwitchboardError,
} from "@switchboard/domain";
import { OneAtATime } from "../one-at-a-time.ts";
import { type Account, type Clock, type Store, timeLimit, type Vault } from "../ports/index.ts";
import type { Accounts } from "./accounts.ts";
import { INSTALL_TTL_MS, newNonce, readState, staleState, writeState } from "./install-state.ts";
import type { AccountRuntime } from "./runtime.ts";
import { isOneApp, siblingsOf } from "./siblings.ts";

const EXCHANGE_TIMEOUT_MS = 30_000;
/** What states are signed for, see `Vault.derive`. */
const INSTALL = "install";
/** Names of what the account remembers of a way that nobody has come back from. */
const REMEMBERED = "install/";
const ACCOUNT_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const WORD = /^[\w.-]{1,64}$/;

export interface InstallsPorts {
  readonly accounts: Accounts;
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  /** The gateway's public address, without a trailing slash. */
  readonly publicUrl?: string | undefined;
}

/** What came back with the person. */
export interface Returned {
  readonly state: string;
  readonly code?: string | undefined;
  /** The platform's word for why there is no code. */
  readonly error?: string | undefined;
}

export interface NewAccount {
  readonly ref: AccountRef;
  readonly title: string;
  /** The account was there and has another credential now. */
  readonly replaced: boolean;
}

export class Installs {
  readonly #ports: InstallsPorts;
  /** By nonce: a state that came back twice at once is good for one of the two. */
  readonly #taking = new OneAtATime();

  constructor(ports: InstallsPorts) {
    this.#ports = ports;
  }

  /** Where platforms send people back; the same for all accounts, because it is entered at the platform. */
  redirectUrl(channel: ChannelId): string | undefined {
    const { publicUrl } = this.#ports;
    return publicUrl === undefined ? undefined : `${publicUrl}/install/${encodeURIComponent(channel)}`;
  }

  /**
   * Where to send whoever lets the app in. The address is good once, until `expiresAt` (Unix milliseconds); `actor` is
   * who asked for it. @throws REQ_001 for channels that know no such thing and without a public address, CFG_003.
   */
  async begin(from: AccountRef, actor: string): Promise<{ readonly url: string; readonly expiresAt: number }> {
    const { accounts, clock, store, vault } = this.#ports;
    const runtime = accounts.require(from);
    const install = installOf(runtime);
    const redirectUrl = this.#requireRedirectUrl(runtime);
    const nonce = newNonce();
    const expiresAt = clock.now() + INSTALL_TTL_MS;
    const state = writeState(await vault.derive(runtime.ref, INSTALL), { from: runtime.ref, nonce, until: expiresAt });
    const url = install.authorizeUrl({ config: runtime.config, redirectUrl, state });
    await store.accounts.memorySet(from, REMEMBERED + nonce, actor, expiresAt);
    return { url, expiresAt };
  }

  /**
   * Makes the account of what came back, or gives the one that is there its new credential, and connects it.
   * @throws SEC_002 for a state that is not good, REQ_001 when the person or the platform said no, REQ_004, CONN_*.
   */
  async complete(channel: ChannelId, { code, error, state }: Returned): Promise<NewAccount> {
    const { accounts, clock, vault } = this.#ports;
    const { from, nonce } = await readState(
      async (ref) => (accounts.get(ref) ? vault.derive(ref, INSTALL) : undefined),
      channel,
      state,
      clock.now(),
    );
    const actor = await this.#take(from, nonce);
    if (actor === undefined) throw staleState(channel);
    const runtime = accounts.require(from);
    if (code === undefined || error !== undefined) {
      const word = error !== undefined && WORD.test(error) ? error : "no code came back";
      throw new SwitchboardError("REQ_001", `${runtime.channel.label} did not let the app in: ${word}.`, {
        action: `Ask for another address to try again: switchboard channels install ${channel}`,
      });
    }
    const installed = await this.#exchange(runtime, code);
    const { ref, replaced } = await this.#keep(runtime, installed);
    await this.#ports.store.audit.append(ref.tenant, {
      at: clock.now(),
      actor,
      action: replaced ? "account.changed" : "account.added",
      subject: `${ref.channel}:${ref.account}`,
      outcome: "ok",
      detail: { installedFrom: from.account },
    });
    return { ref, title: installed.title, replaced };
  }

  /** Who asked, once. */
  #take(from: AccountRef, nonce: string): Promise<string | undefined> {
    const { clock, store } = this.#ports;
    return this.#taking.run(nonce, async () => {
      const actor = await store.accounts.memoryGet(from, REMEMBERED + nonce, clock.now());
      await store.accounts.memoryRemove(from, REMEMBERED + nonce);
      return actor;
    });
  }

  async #exchange(runtime: AccountRuntime, code: string): Promise<Installed> {
    const late = () => new SwitchboardError("CONN_001", "The platform did not answer in time.");
    const limit = timeLimit(this.#ports.clock, EXCHANGE_TIMEOUT_MS, late);
    try {
      const redirectUrl = this.#requireRedirectUrl(runtime);
      return await installOf(runtime).complete({ config: runtime.config, redirectUrl, code, signal: limit.signal });
    } catch (thrown) {
      throw toSwitchboardError(thrown, "CONN_001");
    } finally {
      limit.end();
    }
  }

  async #keep(runtime: AccountRuntime, installed: Installed): Promise<Pick<NewAccount, "ref" | "replaced">> {
    const { accounts, store } = this.#ports;
    if (!ACCOUNT_ID.test(installed.account)) {
      throw new SwitchboardError("CONN_001", "The platform gave the account no name that can be used.");
    }
    const ref = { ...runtime.ref, account: this.#accountOf(runtime, installed) };
    const before = await store.accounts.get(ref);
    if (before) this.#checkReplaceable(runtime, before, installed);
    await accounts.put({
      ...ref,
      source: "store",
      // Who switched it off wants it off; another credential changes nothing about that.
      enabled: before?.enabled ?? true,
      config: { ...(await this.#sharedConfig(runtime)), ...installed.config },
      // Who may write is asked anew: the people of one place are not those of another.
      settings: (before?.settings ?? {}) as Record<string, unknown>,
      self: installed.self,
    });
    return { ref, replaced: before !== undefined };
  }

  /** @throws REQ_004 for an account that is described elsewhere, or has its name by chance and is another app's. */
  #checkReplaceable({ channel, config }: AccountRuntime, before: Account, { self, title }: Installed): void {
    const name = `${before.channel}:${before.account}`;
    if (before.source !== "store") {
      throw new SwitchboardError(
        "REQ_004",
        `${title} is the account ${name}, which comes from the ${before.source}; change it there.`,
      );
    }
    const isSame = before.self?.id === self.id && before.self.space === self.space;
    const isEmpty = before.self === undefined && before.sealed === undefined;
    const known = before.self === undefined ? this.#ports.accounts.get(before) : undefined;
    if (isSame || isEmpty || (known && isOneApp(channel, config, known.config))) return;
    throw new SwitchboardError("REQ_004", `The account ${name} is there already, and not of this app.`, {
      action: `Remove it first: switchboard channels remove ${before.channel} --account ${before.account}`,
    });
  }

  /** The place may be connected already under another name. */
  #accountOf(runtime: AccountRuntime, { account, self }: Installed): AccountId {
    const known = [runtime, ...siblingsOf(runtime, this.#ports.accounts.list(runtime.ref.tenant))];
    const same = known.find((each) => each.self?.id === self.id && each.self.space === self.space);
    return same?.ref.account ?? account;
  }

  /** What the account was told, without what is its own: no defaults, so that those may change. */
  async #sharedConfig({ channel, row }: AccountRuntime): Promise<Record<string, unknown>> {
    const { vault } = this.#ports;
    const secrets = row.sealed === undefined ? {} : await vault.open(row, "credential", row.sealed);
    const config = { ...(row.config as Record<string, unknown>), ...secrets };
    return Object.fromEntries(Object.entries(config).filter(([name]) => !channel.install?.own.includes(name)));
  }

  #requireRedirectUrl({ ref }: AccountRuntime): string {
    const url = this.redirectUrl(ref.channel);
    if (url !== undefined) return url;
    throw new SwitchboardError("REQ_001", "The gateway has no public address (gateway.publicUrl) to come back to.");
  }
}

function installOf({ channel }: AccountRuntime): Install<unknown> {
  if (channel.install) return channel.install as Install<unknown>;
  throw new SwitchboardError("REQ_001", `${channel.label} has no installing: add accounts as its README says.`);
}
