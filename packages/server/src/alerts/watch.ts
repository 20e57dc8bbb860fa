/**
 * Watches for accounts that fall without anybody's wish, and for those that are back (TEN-5). Each is told once, however
 * many processes watch and however often they start again: who tells it is decided in the store, beside the account.
 * What is back sooner than `afterMs` is told of as nothing, and of one account no more than one fall an hour is told.
 */
import { randomUUID } from "node:crypto";
import { type AccountRuntime, type Engine, type Log, OneAtATime } from "@switchboard/core";
import { type AccountRef, accountKey, toErrorRecord } from "@switchboard/domain";
import type { Alert, AlertKept } from "./alert.ts";

const HOUR_MS = 3_600_000;
const LONGEST_PAUSE_MS = 15_000;
const SHORTEST_PAUSE_MS = 1_000;
const KEY = "gateway/alert";

/** `unknown`: not this node's, or about to start or stop. */
type Condition = "up" | "down" | "off" | "unknown";

export interface AlertWatchPorts {
  readonly engine: Pick<Engine, "accounts" | "clock" | "events" | "store">;
  readonly log: Log;
  readonly afterMs: number;
  /** So long a process has to tell an alert before another may. */
  readonly tellingMs: number;
  /** Rejects when `signal` aborts; then it is told again after `tellingMs`. */
  tell(alert: Alert, signal: AbortSignal): Promise<void>;
}

interface Seen {
  readonly condition: Exclude<Condition, "unknown">;
  readonly since: number;
  /** Being decided. */
  busy: boolean;
  /** There is nothing to tell until that changes. */
  settled: boolean;
}

export class AlertWatch {
  readonly #ports: AlertWatchPorts;
  readonly #seen = new Map<string, Seen>();
  readonly #decisions = new OneAtATime();
  readonly #tellings = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #stopListening: (() => void) | undefined;
  #cancel: (() => void) | undefined;

  constructor(ports: AlertWatchPorts) {
    this.#ports = ports;
  }

  start(): void {
    const { afterMs, engine } = this.#ports;
    const pause = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, afterMs / 4));
    this.#stopListening = engine.events.listen((event) => {
      const account = event.type === "account" ? engine.accounts.get(event.status) : undefined;
      if (account) this.#look(account);
    });
    const lookAtAll = () => {
      this.#cancel = engine.clock.after(pause, lookAtAll);
      const accounts = engine.accounts.list();
      for (const account of accounts) this.#look(account);
      const there = new Set(accounts.map(({ ref }) => accountKey(ref)));
      for (const key of this.#seen.keys()) if (!there.has(key)) this.#seen.delete(key);
    };
    lookAtAll();
  }

  /** Resolves when nothing is told any more. What was being told is told by the next process. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error("The gateway stops."));
    this.#stopListening?.();
    this.#cancel?.();
    await this.#decisions.idle();
    await Promise.all(this.#tellings);
  }

  #look(account: AccountRuntime): void {
    if (this.#stop.signal.aborted) return;
    const { afterMs, engine, log } = this.#ports;
    const key = accountKey(account.ref);
    const now = engine.clock.now();
    const condition = conditionOf(account);
    const known = this.#seen.get(key);
    if (condition === "unknown") {
      this.#seen.delete(key);
      return;
    }
    const seen = known?.condition === condition ? known : { condition, since: now, busy: false, settled: false };
    this.#seen.set(key, seen);
    // Nobody need wait for what nothing but a person will change.
    const atOnce = condition === "off" || account.supervisor.status().state === "PERMANENTLY_FAILED";
    if (seen.busy || seen.settled || (!atOnce && now - seen.since < afterMs)) return;
    seen.busy = true;
    // One after another: after a start there is a decision to make of every account.
    void this.#decisions.run("", async () => {
      try {
        seen.settled = this.#stop.signal.aborted || (await this.#decide(account, seen));
      } catch (error) {
        log.warn(
          { ...account.ref, error: toErrorRecord(error) },
          "it could not be decided whether to alert; trying again",
        );
      }
      seen.busy = false;
    });
  }

  /** Whether nothing is left to decide until the account's condition changes. */
  async #decide(account: AccountRuntime, seen: Seen): Promise<boolean> {
    const { engine, tellingMs } = this.#ports;
    const { ref } = account;
    const { condition, since } = seen;
    // It may have waited while things changed; then another look decides.
    if (conditionOf(account) !== condition) return false;
    const now = engine.clock.now();
    const text = await engine.store.accounts.memoryGet(ref, KEY, now);
    const kept = text === undefined ? undefined : (JSON.parse(text) as AlertKept);
    if (condition === "off") {
      if (!kept || kept.type === "off") return true;
      return this.#swap(ref, text, { ...kept, type: "off", told: true });
    }
    const type = condition === "down" ? "down" : "back";
    if (kept && !kept.told && kept.until > now) return false;
    const again = kept?.type === type && !kept.told;
    if (kept?.type === type && kept.told) return true;
    if (type === "back" && !again && kept?.type !== "down") return true;
    if (type === "down" && !again && kept && now - kept.fellAt < HOUR_MS) return false;
    const until = now + tellingMs;
    const next: AlertKept = again
      ? { ...kept, until }
      : { id: randomUUID(), type, since, told: false, until, fellAt: type === "down" ? now : (kept?.fellAt ?? now) };
    if (!(await this.#swap(ref, text, next))) return false;
    const { lastError, state } = account.supervisor.status();
    const code = type === "down" ? lastError?.code : undefined;
    const alert: Alert = { ...ref, id: next.id, type, since: next.since, state, ...(code !== undefined && { code }) };
    this.#tell(alert, next, { seen, isNew: !again });
    return true;
  }

  #tell(alert: Alert, next: AlertKept, { isNew, seen }: { readonly isNew: boolean; readonly seen: Seen }): void {
    const { engine, log, tell } = this.#ports;
    const { account, channel, tenant } = alert;
    const ref: AccountRef = { tenant, channel, account };
    const telling = (async () => {
      try {
        if (isNew) await this.#note(alert);
        await tell(alert, this.#stop.signal);
        await this.#swap(ref, JSON.stringify(next), { ...next, told: true });
      } catch (error) {
        seen.settled = false;
        if (!this.#stop.signal.aborted) {
          log.error({ ...ref, alert: alert.type, error: toErrorRecord(error) }, "an alert was not told to the end");
        }
      }
      // The account may have been another meanwhile.
      const now = engine.accounts.get(ref);
      if (now) this.#look(now);
    })();
    this.#tellings.add(telling);
    void telling.finally(() => this.#tellings.delete(telling));
  }

  #note({ account, channel, code, id, state, tenant, type }: Alert): Promise<void> {
    const { clock, store } = this.#ports.engine;
    return store.audit.append(tenant, {
      at: clock.now(),
      actor: "system",
      action: type === "down" ? "account.fell" : "account.returned",
      subject: `${channel}:${account}`,
      outcome: type === "down" ? "failed" : "ok",
      detail: { alert: id, state, ...(code !== undefined && { code }) },
    });
  }

  #swap(ref: AccountRef, from: string | undefined, to: AlertKept): Promise<boolean> {
    const { clock, store } = this.#ports.engine;
    const change = { key: KEY, to: JSON.stringify(to), ...(from !== undefined && { from }) };
    return store.accounts.memorySwap(ref, [change], clock.now());
  }
}

/** Down is what has worked before, and is meant to. */
function conditionOf({ row, self, supervisor }: AccountRuntime): Condition {
  if (!row.enabled) return "off";
  const { state } = supervisor.status();
  if (supervisor.standsBy || state === "DISCONNECTED") return "unknown";
  if (state === "CONNECTED") return "up";
  return self === undefined ? "unknown" : "down";
}
