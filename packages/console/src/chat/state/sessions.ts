/** The list of sessions, as fresh as the gateway's hints make it. */
import type { GatewayClient } from "@switchboard/client";
import { Signal } from "../../shared/signal.ts";
import type { Storage } from "../../shared/storage.ts";
import { type Plight, plightOf } from "../model/plight.ts";
import type { SessionRow } from "../model/session-name.ts";

export interface SessionList {
  readonly phase: "loading" | "ready" | "failed";
  readonly rows: readonly SessionRow[];
  readonly total: number;
  readonly plight?: Plight;
}

const PAGE = 50;
/** Changes come in bursts; the list is read once for all of them. */
const REFRESH_MS = 150;

export class Sessions {
  readonly list = new Signal<SessionList>({ phase: "loading", rows: [], total: 0 });
  /** How many entries of a session were there when it was last looked at. */
  readonly seen: Signal<ReadonlyMap<string, number>>;
  readonly #client: GatewayClient;
  readonly #storage: Storage;
  #limit = PAGE;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: GatewayClient, storage: Storage) {
    this.#client = client;
    this.#storage = storage;
    const kept = storage.read("seen");
    this.seen = new Signal(new Map(Array.isArray(kept) ? (kept as [string, number][]) : []));
    client.onHello(() => {
      client.request("sessions.subscribe", {}).catch(() => {});
      void this.refresh();
    });
    client.onGap(() => this.refreshSoon());
    client.on("sessions.changed", () => this.refreshSoon());
  }

  refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.refresh();
    }, REFRESH_MS);
  }

  async refresh(): Promise<void> {
    try {
      const { sessions, totalCount } = await this.#client.request("sessions.list", { limit: this.#limit });
      this.list.set({ phase: "ready", rows: sessions, total: totalCount });
    } catch (error) {
      this.list.update((list) =>
        list.phase === "ready" ? list : { ...list, phase: "failed", plight: plightOf(error) },
      );
    }
  }

  more(): Promise<void> {
    this.#limit = Math.min(this.#limit + PAGE, 1_000);
    return this.refresh();
  }

  async search(text: string, signal: AbortSignal): Promise<readonly SessionRow[]> {
    const { sessions } = await this.#client.request("sessions.list", { limit: PAGE, search: text }, { signal });
    return sessions;
  }

  looked({ key, entries }: SessionRow): void {
    if (entries === undefined || this.seen.get().get(key) === entries) return;
    const seen = new Map(this.seen.get()).set(key, entries);
    this.seen.set(seen);
    this.#storage.write("seen", [...seen].slice(-500));
  }

  hasNews({ key, entries }: SessionRow, seen: ReadonlyMap<string, number>): boolean {
    const before = seen.get(key);
    return before !== undefined && entries !== undefined && entries > before;
  }
}
