/** One login under way, in the process that began it: shows the steps, hears the answers, and says that it is alive. */
import {
  type AccountRef,
  type LoggedIn,
  type LoginRequest,
  SwitchboardError,
  toSwitchboardError,
} from "@switchboard/domain";
import { type Clock, type Log, sleep } from "../../ports/index.ts";
import { ended, expired, hasEnded, type LoginRow, type LoginRows } from "./row.ts";

/** How often the row is looked at: what was answered at another node, and whether it was cancelled there. */
const LOOK_EVERY_MS = 1_000;
/** Without a sign for so long, the process counts as gone. */
export const ALIVE_MS = 15_000;
const MOST_CODES = 5;
/** Connecting is given so much time, however late it begins. */
const FINISH_MS = 60_000;

export interface LoginRunPorts {
  readonly rows: LoginRows;
  readonly clock: Clock;
  readonly log: Log;
  /** Somebody may wait for a change. */
  changed(ref: AccountRef): void;
}

/** What somebody answered to a step. */
export type Answer = NonNullable<LoginRow["answer"]>;

export class LoginRun {
  readonly ref: AccountRef;
  readonly id: string;
  readonly #ports: LoginRunPorts;
  readonly #stop = new AbortController();
  #waiting: PromiseWithResolvers<Answer> | undefined;
  #cancelLook: (() => void) | undefined;
  #last: LoginRow;
  #finishing = false;
  #stopped = false;
  /** One look at a time: an answer is for one question. */
  #looking = Promise.resolve();

  constructor(ref: AccountRef, row: LoginRow, ports: LoginRunPorts) {
    this.ref = ref;
    this.id = row.id;
    this.#last = row;
    this.#ports = ports;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Goes through `steps`, then lets `finish` make the account of it. Never rejects; the row says how it ended. */
  async through(steps: () => Promise<LoggedIn>, finish: (loggedIn: LoggedIn) => Promise<void>): Promise<void> {
    this.#lookLater();
    try {
      const loggedIn = await Promise.race([steps(), this.#aborted()]);
      const expiresAt = Math.max(this.#last.expiresAt, this.#ports.clock.now() + FINISH_MS);
      await this.update({ state: "wait", text: "The account is being connected.", connecting: true, expiresAt });
      this.#finishing = true;
      await finish(loggedIn);
      await this.#end((row) => ended(row, "done", "The account is connected."));
    } catch (thrown) {
      const error = toSwitchboardError(thrown, "CONN_001");
      if (!this.signal.aborted) this.#ports.log.info({ ...this.ref, code: error.code }, "a login came to nothing");
      await this.#end((row) => ended(row, "failed", error.message, error));
    } finally {
      this.#cancelLook?.();
      this.#stop.abort(new SwitchboardError("SYS_001", "The login has ended."));
    }
  }

  /** The process ends: whoever logs in is told, and begins again. */
  async stop(): Promise<void> {
    await this.#end((row) => expired(row, "The gateway was stopped in the middle of it."));
    this.#stopped = true;
    this.#stop.abort(new SwitchboardError("SYS_001", "The gateway is being stopped."));
  }

  /** Shows a step. @throws CONN_007 when the login has ended. */
  async update(step: Pick<LoginRow, "state" | "text"> & Partial<LoginRow>): Promise<void> {
    this.signal.throwIfAborted();
    await this.#change(({ nonce: _nonce, payload: _payload, ...row }) => ({
      ...row,
      ...step,
      revision: row.revision + 1,
    }));
  }

  /** Resolves with what is answered to the step that is shown. */
  async answered(): Promise<Answer> {
    this.#waiting = Promise.withResolvers<Answer>();
    try {
      return await Promise.race([this.#waiting.promise, this.#aborted()]);
    } finally {
      this.#waiting = undefined;
    }
  }

  request(config: LoginRequest["config"]): LoginRequest {
    let codes = 0;
    return {
      ...this.ref,
      config,
      signal: this.signal,
      showQr: (payload, text) => this.update({ state: "qr", text, payload }),
      wait: (text) => this.update({ state: "wait", text }),
      sleep: (ms) => sleep(this.#ports.clock, ms, this.signal),
      askCode: async (text) => {
        codes += 1;
        if (codes > MOST_CODES) throw new SwitchboardError("REQ_001", "That were too many wrong codes.");
        await this.update({ state: "code", text });
        return (await this.answered()).code ?? "";
      },
    };
  }

  /** Looks for what others did to the row. To be called at once by whoever did it in this process. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look());
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { clock, log, rows } = this.#ports;
    try {
      const row = await rows.read(this.ref);
      if (this.signal.aborted) return;
      // An attempt that comes to nothing may wipe what the account remembers.
      if (!row && this.#finishing) return;
      if (row?.id !== this.id || hasEnded(row)) {
        this.#stop.abort(new SwitchboardError("CONN_007", "The login was cancelled or took too long."));
        return;
      }
      const { answer } = row;
      if (answer && this.#waiting) {
        await this.#change(({ answer: _answer, ...rest }) => rest);
        this.#waiting?.resolve(answer);
      } else if (this.#last.aliveUntil - clock.now() < ALIVE_MS / 2) {
        await this.#change((present) => present);
      }
    } catch (error) {
      log.warn({ ...this.ref, error: String(error) }, "a login could not be looked at");
    }
  }

  #lookLater(): void {
    if (this.signal.aborted) return;
    this.#cancelLook = this.#ports.clock.after(LOOK_EVERY_MS, () => {
      void this.look().then(() => this.#lookLater());
    });
  }

  /** @throws CONN_007 when it has ended, also when that is only known to the row. */
  async #change(change: (row: LoginRow) => LoginRow): Promise<void> {
    const { clock, rows } = this.#ports;
    const aliveUntil = clock.now() + ALIVE_MS;
    const changed = await rows.change(this.ref, (row) => {
      if (row?.id === this.id && !hasEnded(row)) return { ...change(row), aliveUntil };
      throw new SwitchboardError("CONN_007", "The login was cancelled or took too long.");
    });
    if (changed) this.#last = changed;
    this.#ports.changed(this.ref);
  }

  /** What has ended already stays as it ended. */
  async #end(end: (row: LoginRow) => LoginRow): Promise<void> {
    if (this.#stopped) return;
    const { log, rows } = this.#ports;
    try {
      await rows.change(this.ref, (row) => {
        if (!row) return this.#finishing ? end(this.#last) : undefined;
        return row.id === this.id && !hasEnded(row) ? end(row) : undefined;
      });
    } catch (error) {
      log.warn({ ...this.ref, error: String(error) }, "how a login ended could not be written down");
    }
    this.#ports.changed(this.ref);
  }

  #aborted(): Promise<never> {
    const { signal } = this;
    return new Promise((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }
}
