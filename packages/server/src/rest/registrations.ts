/**
 * Connecting and disconnecting a tenant's accounts (TEN-1, TEN-2, TEN-8). An account counts as connected once the
 * platform has taken its credential; until then nothing is answered, and what comes to nothing leaves no credential.
 */
import {
  type Account,
  type AccountRuntime,
  type AccountStatus,
  type Engine,
  loginOwn,
  OneAtATime,
} from "@switchboard/core";
import {
  type AccountId,
  type AccountRef,
  accountKey,
  type Channel,
  type ChannelId,
  completed,
  fromErrorRecord,
  type JsonObject,
  type LoggedIn,
  type SelfIdentity,
  SwitchboardError,
  type TenantId,
} from "@switchboard/domain";
import { type TSchema, Type } from "@switchboard/domain/schema";
import type { Principal } from "../identity/principal.ts";
import type { MethodDeps } from "../methods/deps.ts";
import { WEBCHAT } from "../webchat/channel.ts";

/** How long a caller waits for the platform; the account's own first attempt may take longer. */
const CONNECT_MS = 20_000;

type Properties = Readonly<Record<string, unknown>>;

export interface Wanted {
  readonly channel: string;
  readonly credential: Properties;
  readonly settings?: Properties | undefined;
}

/** `tenant-{tenant id}`, or with a name `tenant-{tenant id}.{name}`. */
export function tenantAccount(tenant: TenantId, name?: string): AccountId {
  return `tenant-${tenant}${name === undefined ? "" : `.${name}`}` as AccountId;
}

const OF_GATEWAY = new WeakMap<Engine, Registrations>();

/** Those of this gateway: changes of an account wait for each other, whichever face they come by. */
export function registrationsOf(deps: MethodDeps): Registrations {
  const known = OF_GATEWAY.get(deps.engine) ?? new Registrations(deps);
  OF_GATEWAY.set(deps.engine, known);
  return known;
}

export class Registrations {
  readonly #deps: MethodDeps;
  /** By account: two callers that met would each see nobody there. */
  readonly #changes = new OneAtATime();

  constructor(deps: MethodDeps) {
    this.#deps = deps;
  }

  /** @throws CFG_002 for what is no channel that can be connected. */
  async channel(id: string): Promise<Channel> {
    if (id === WEBCHAT) throw new SwitchboardError("CFG_002", "WebChat is always there and cannot be connected.");
    return this.#deps.channels.load(id as ChannelId);
  }

  /**
   * Resolves when the account is connected. The same credential again changes nothing.
   * @throws CFG_001, CFG_002; REQ_004 while another credential is in use; what the platform says, CONN_*; CONN_007 late.
   */
  async connect(principal: Principal, name: string | undefined, wanted: Wanted): Promise<AccountRuntime> {
    const channel = await this.channel(wanted.channel);
    const ref = { tenant: principal.tenant, channel: channel.id, account: tenantAccount(principal.tenant, name) };
    const config = this.#configOf(principal, channel, wanted.credential);
    return this.#changes.run(accountKey(ref), async () => {
      try {
        const runtime = await this.#connect(ref, channel, config, wanted.settings);
        await this.#audit(principal, ref, "channel.connected", "ok");
        return runtime;
      } catch (thrown) {
        const detail = thrown instanceof SwitchboardError ? { code: thrown.code } : {};
        await this.#audit(principal, ref, "channel.connected", "failed", detail);
        throw thrown;
      }
    });
  }

  /**
   * Tells the platform, then wipes the credential; whatever the platform says, it is wiped.
   * @throws CFG_002; CFG_003 for what was never connected; REQ_004 for a credential that is configured elsewhere;
   * CONN_* when the platform was to log it out and did not.
   */
  async disconnect(principal: Principal, channelId: string): Promise<Disconnected> {
    const channel = await this.channel(channelId);
    const ref = { tenant: principal.tenant, channel: channel.id, account: tenantAccount(principal.tenant) };
    return this.#changes.run(accountKey(ref), async () => {
      await this.#requireOwn(ref);
      const { cleared, platform } = await this.#deps.engine.accounts.logOut(ref);
      const detail = { cleared, loggedOut: platform.told, ...(platform.error && { code: platform.error.code }) };
      await this.#audit(principal, ref, "channel.disconnected", platform.error ? "failed" : "ok", detail);
      if (platform.error) throw wipedAllTheSame(channel, platform.error);
      return { ref, cleared, loggedOut: platform.told };
    });
  }

  /** Logs out, wipes, and forgets the account. @throws CFG_003, REQ_004. */
  remove(principal: Principal, channel: string, account: string): Promise<void> {
    const ref = { tenant: principal.tenant, channel: channel as ChannelId, account: account as AccountId };
    return this.#changes.run(accountKey(ref), async () => {
      await this.#requireOwn(ref);
      await this.#deps.engine.accounts.remove(ref);
      await this.#audit(principal, ref, "account.removed", "ok");
    });
  }

  async #connect(
    ref: AccountRef,
    channel: Channel,
    config: Properties,
    settings: Properties | undefined,
  ): Promise<AccountRuntime> {
    const { engine } = this.#deps;
    const { accounts, store } = engine;
    const before = accounts.get(ref);
    const row = await store.accounts.get(ref);
    const same = before !== undefined && isSame(before.config, completed(channel.config.schema, config, "credential"));
    if (before?.row.enabled && !same && isInUse(before.supervisor.status())) {
      throw new SwitchboardError("REQ_004", `${channel.label} is connected with another credential.`, {
        action: "Disconnect it first.",
      });
    }
    const isKept = same && before?.row.enabled === true;
    const kept = (row?.settings ?? {}) as Properties;
    const runtime = await accounts.put({
      ...ref,
      source: "store",
      enabled: true,
      config,
      settings: { ...kept, ...settings },
    });
    try {
      await this.#connected(runtime, channel);
      return runtime;
    } catch (error) {
      // What was connected before keeps trying; a credential that was never good is kept nowhere.
      if (!isKept) await this.#undo(runtime, row);
      throw error;
    }
  }

  /** Leaves nothing of what was tried; what the account could log in with before stays as it was. */
  async #undo(tried: AccountRuntime, row: Account | undefined): Promise<void> {
    const { accounts } = this.#deps.engine;
    if (!row) await accounts.remove(tried.ref);
    else if (row.sealed === undefined && row.self === undefined) await accounts.logOut(tried.ref);
    else await accounts.restore(row, tried);
  }

  /**
   * What is known of an account before a login by steps: what its caller gives, what it had before, what the environment
   * gives; without what comes out of the login. `config`: with the schema's defaults, too. @throws REQ_001.
   */
  loginConfig(
    principal: Principal,
    channel: Channel,
    ref: AccountRef,
    credential: Properties,
  ): { readonly known: JsonObject; readonly config: JsonObject } {
    const own = loginOwn(channel);
    const without = <Value>(all: Readonly<Record<string, Value>>) =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !own.includes(name)));
    const before = this.#deps.engine.accounts.get(ref);
    const secrets = Object.entries((before?.config ?? {}) as Properties).filter(([name]) =>
      channel.config.secrets.includes(name),
    );
    const given = this.#given(principal, channel, credential);
    const known = without({ ...(before?.row.config as Properties), ...Object.fromEntries(secrets), ...given });
    const { properties } = channel.config.schema as unknown as { readonly properties: Record<string, TSchema> };
    const schema = Type.Object(without(properties), { additionalProperties: false });
    return { known: known as JsonObject, config: completed(schema, known, "credential", "REQ_001") as JsonObject };
  }

  /** Makes the account of what a login by steps came to. @throws REQ_004 where it is connected already; CONN_*. */
  async finishLogin(
    principal: Principal,
    ref: AccountRef,
    channel: Channel,
    { config, self, settings }: LoggedIn & { readonly config: JsonObject; readonly settings?: Properties | undefined },
  ): Promise<void> {
    await this.#changes.run(accountKey(ref), async () => {
      try {
        await this.#putLoggedIn(ref, channel, config, self, settings);
        await this.#audit(principal, ref, "channel.connected", "ok", { login: true });
      } catch (thrown) {
        const code = thrown instanceof SwitchboardError ? thrown.code : "SYS_005";
        await this.#audit(principal, ref, "channel.connected", "failed", { login: true, code });
        throw thrown;
      }
    });
  }

  async #putLoggedIn(
    ref: AccountRef,
    channel: Channel,
    config: JsonObject,
    self: SelfIdentity | undefined,
    settings: Properties | undefined,
  ): Promise<void> {
    const { accounts, store } = this.#deps.engine;
    const twin = accounts
      .list(ref.tenant)
      .find(
        (each) =>
          each.ref.channel === ref.channel &&
          each.ref.account !== ref.account &&
          each.row.enabled &&
          isOne(each.self, self),
      );
    if (twin) {
      throw new SwitchboardError("REQ_004", `That is the account ${ref.channel}:${twin.ref.account} already.`, {
        action: "Disconnect it first.",
      });
    }
    const row = await store.accounts.get(ref);
    if (row && row.source !== "store") {
      throw new SwitchboardError("REQ_004", `${ref.channel}:${ref.account} comes from the ${row.source}.`, {
        action: "Change it there.",
      });
    }
    const kept = (row?.settings ?? {}) as Properties;
    const runtime = await accounts.put({
      ...ref,
      source: "store",
      enabled: true,
      config,
      settings: { ...kept, ...settings },
      ...(self && { self }),
    });
    try {
      await this.#connected(runtime, channel);
    } catch (error) {
      await this.#undo(runtime, row);
      throw error;
    }
  }

  /** @throws what the first attempt failed with, or CONN_007. */
  async #connected({ ref, supervisor }: AccountRuntime, channel: Channel): Promise<void> {
    const { engine } = this.#deps;
    const outcome = Promise.withResolvers<void>();
    const look = (status: AccountStatus) => {
      if (status.state === "CONNECTED") outcome.resolve();
      else if ((status.state === "ERROR" || status.state === "PERMANENTLY_FAILED") && status.lastError)
        outcome.reject(fromErrorRecord(status.lastError));
    };
    const unlisten = engine.events.listen((event) => {
      if (event.type === "account" && accountKey(event.status) === accountKey(ref)) look(event.status);
    });
    const late = new SwitchboardError("CONN_007", `${channel.label} did not answer within ${CONNECT_MS / 1000} s.`);
    const end = engine.clock.after(CONNECT_MS, () => outcome.reject(late));
    try {
      look(supervisor.status());
      await outcome.promise;
    } finally {
      end();
      unlisten();
    }
  }

  #configOf(principal: Principal, channel: Channel, credential: Properties): JsonObject {
    const whole = this.#given(principal, channel, credential);
    completed(channel.config.schema, whole, "credential", "REQ_001");
    return whole;
  }

  /** A tenant gives its secrets and what is its own; where the gateway calls is decided by whoever runs it. */
  #given({ kind }: Principal, { config, label }: Channel, credential: Properties): JsonObject {
    const allowed = [...config.secrets, ...(config.tenant ?? [])];
    const foreign = kind === "operator" ? [] : Object.keys(credential).filter((name) => !allowed.includes(name));
    if (foreign.length > 0) {
      throw new SwitchboardError("REQ_001", `invalid credential: ${foreign.join(", ")}: not yours to set`, {
        action: `${label} takes ${allowed.join(", ")}.`,
      });
    }
    const given = Object.entries(config.env)
      .filter(([, name]) => !allowed.includes(name))
      .map(([variable, name]) => [name, this.#deps.env[variable]] as const)
      .filter(([, value]) => value !== undefined && value !== "");
    return { ...Object.fromEntries(given), ...credential } as JsonObject;
  }

  /** @throws CFG_003, REQ_004. */
  async #requireOwn(ref: AccountRef): Promise<void> {
    const row = await this.#deps.engine.store.accounts.get(ref);
    if (!row || ref.channel === WEBCHAT) {
      throw new SwitchboardError("CFG_003", `There is no account ${ref.channel}:${ref.account}.`, {
        action: "Connect it first.",
      });
    }
    if (row.source !== "store") {
      throw new SwitchboardError("REQ_004", `${ref.channel}:${ref.account} comes from the ${row.source}.`, {
        action: "Whoever runs the gateway takes it out there.",
      });
    }
  }

  #audit(
    { id }: Principal,
    ref: AccountRef,
    action: string,
    outcome: "ok" | "failed",
    detail?: JsonObject,
  ): Promise<void> {
    const { clock, store } = this.#deps.engine;
    const subject = `${ref.channel}:${ref.account}`;
    const entry = { at: clock.now(), actor: id, action, subject, outcome, ...(detail && { detail }) };
    return store.audit.append(ref.tenant, entry);
  }
}

export interface Disconnected {
  readonly ref: AccountRef;
  readonly cleared: boolean;
  readonly loggedOut: boolean;
}

/** Connected, or coming back by itself. */
function isInUse({ state }: AccountStatus): boolean {
  return state !== "DISCONNECTED" && state !== "PERMANENTLY_FAILED";
}

/** Whether both are known and the same bot in the same place. */
function isOne(a: SelfIdentity | undefined, b: SelfIdentity | undefined): boolean {
  return a !== undefined && b !== undefined && a.id === b.id && a.space === b.space;
}

/** By content; the order of properties does not count. */
function isSame(a: unknown, b: unknown): boolean {
  return sorted(a) === sorted(b);
}

function sorted(config: unknown): string {
  return JSON.stringify(Object.entries(config as object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function wipedAllTheSame({ label }: Channel, { code, message }: SwitchboardError): SwitchboardError {
  return new SwitchboardError(
    code === "CONN_007" ? code : "CONN_001",
    `${message} The credential is wiped here all the same, and the account is off.`,
    { action: `Revoke the credential at ${label} by hand.`, retryable: false },
  );
}
