/** Connections with everything that is prepared on them, and how many of them there may be. */
import { SwitchboardError } from "@switchboard/domain/errors";
import { type Connected, connect } from "./connection.ts";
import { type EngineView, engineView } from "./engine-view.ts";
import { Epochs } from "./epochs.ts";
import { LaneTable } from "./lane-table.ts";
import { type Parts, parts } from "./parts.ts";
import { Statements } from "./sql.ts";
import { Transaction } from "./transaction.ts";

export interface Worker {
  readonly connected: Connected;
  readonly transaction: Transaction;
  readonly parts: Parts;
  readonly engine: EngineView;
}

export class Workers {
  /** Connections at most. */
  readonly most: number;
  readonly #url: string;
  readonly #idle: Worker[] = [];
  readonly #waiting: ((worker: Worker | undefined) => void)[] = [];
  #count = 0;
  #closed = false;

  constructor(url: string, most: number) {
    this.#url = url;
    this.most = most;
  }

  /** Waits for one that is free. @throws STORE_001, STORE_003 when there is none and none can be opened. */
  async take(): Promise<Worker> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle) {
        if (!idle.connected.lost()) return idle;
        this.#forget();
        continue;
      }
      if (this.#count < this.most) return this.#open();
      const handed = await new Promise<Worker | undefined>((resolve) => this.#waiting.push(resolve));
      if (handed && !handed.connected.lost()) return handed;
      if (handed) this.#forget();
    }
  }

  /** Gives one back; `sound`: no transaction is open on it, and it answers. */
  give(worker: Worker, sound: boolean): void {
    if (!sound || worker.connected.lost() || this.#closed) {
      this.#forget();
      end(worker);
      return;
    }
    const next = this.#waiting.shift();
    if (next) next(worker);
    else this.#idle.push(worker);
  }

  /** Ends those that are idle, and each other one when it comes back. */
  async close(): Promise<void> {
    this.#closed = true;
    const idle = this.#idle.splice(0);
    this.#count -= idle.length;
    await Promise.all(idle.map(({ connected }) => connected.client.end().catch(() => {})));
  }

  async #open(): Promise<Worker> {
    if (this.#closed) throw new SwitchboardError("SYS_001", "The store is closed.");
    this.#count += 1;
    try {
      const connected = await connect(this.#url, "switchboard");
      const transaction = new Transaction(connected.client);
      const statements = new Statements(connected.client, transaction);
      return {
        connected,
        transaction,
        parts: parts(statements, new LaneTable(statements, new Epochs(statements))),
        engine: engineView(statements),
      };
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  /** One is gone: whoever waits may open another. */
  #forget(): void {
    this.#count -= 1;
    this.#waiting.shift()?.(undefined);
  }
}

function end({ connected }: Worker): void {
  // A server that fell silent would not say goodbye either.
  void connected.client.end().catch(() => {});
}
