/** Brings accounts back by themselves whose encryption key was not at hand, when it is. */
import { type AccountRef, toErrorRecord } from "@switchboard/domain";
import type { Clock, Log, Vault } from "../ports/index.ts";

const LOOK_EVERY_MS = 15_000;

export interface KeyWatchPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Pick<Vault, "refresh">;
  /** Accounts that nothing keeps from running but a key. */
  sealedUp(): readonly AccountRef[];
  /** Tries to run one of them again; does not reject when it still cannot. */
  tryAgain(ref: AccountRef): Promise<void>;
}

export class KeyWatch {
  readonly #ports: KeyWatchPorts;
  #cancel: (() => void) | undefined;
  #isOn = false;

  constructor(ports: KeyWatchPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#isOn = true;
    this.look();
  }

  stop(): void {
    this.#isOn = false;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** An account may have become one that waits for its key. */
  look(): void {
    if (!this.#isOn || this.#cancel || this.#ports.sealedUp().length === 0) return;
    this.#cancel = this.#ports.clock.after(LOOK_EVERY_MS, () => void this.#tryAll());
  }

  async #tryAll(): Promise<void> {
    const { log, sealedUp, tryAgain, vault } = this.#ports;
    try {
      await vault.refresh();
      await Promise.all(sealedUp().map((ref) => tryAgain(ref)));
    } catch (error) {
      log.warn({ error: toErrorRecord(error) }, "could not look for the encryption key");
    }
    this.#cancel = undefined;
    this.look();
  }
}
