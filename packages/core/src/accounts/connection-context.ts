/** What a channel is given with which to open one connection. */
import {
  type AccountContext,
  type AccountRef,
  type RawEvent,
  SwitchboardError,
  toSwitchboardError,
} from "@switchboard/domain";
import { type Clock, type Log, type Store, sleep, type Telemetry, type Vault } from "../ports/index.ts";
import type { Condition } from "./condition.ts";
import { accountMemory, sealedMemory } from "./memory.ts";
import { sawRenewal } from "./renewals.ts";

export interface ContextPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly vault: Vault;
  /** Stores events of this account durably. */
  receive(ref: AccountRef, events: readonly RawEvent[]): Promise<void>;
  readonly openAttachment: AccountContext["openAttachment"];
  readonly publish?: AccountContext["publish"] | undefined;
  readonly commands: AccountContext["commands"];
  readonly webhook?: AccountContext["webhook"];
}

export interface ConnectionStart {
  readonly ref: AccountRef;
  readonly config: unknown;
  readonly generation: number;
  /** Aborts when the connection has ended. */
  readonly signal: AbortSignal;
  readonly condition: Condition;
  readonly log: Log;
  lose(error: SwitchboardError): void;
}

/** Whatever is said by it once the connection has ended, or a newer one was begun, is ignored. */
export function connectionContext(start: ConnectionStart, ports: ContextPorts): AccountContext {
  const { condition, config, generation, lose, log, ref, signal } = start;
  const { clock, commands, openAttachment, publish, vault, webhook } = ports;
  const memory = accountMemory(ref, ports);
  const isCurrent = () => condition.generation === generation && !signal.aborted;
  return {
    ...ref,
    config,
    generation,
    signal,
    log,
    commands,
    ...(webhook && { webhook }),
    memory,
    secrets: sealedMemory(ref, memory, vault),
    openAttachment,
    ...(publish && { publish }),
    receive: async (events) => {
      if (!isCurrent()) throw new SwitchboardError("SYS_001", "This connection was replaced by a newer one.");
      condition.sawInbound();
      await ports.receive(ref, events);
    },
    alive: (evidence) => {
      if (isCurrent()) condition.alive(evidence);
    },
    lost: (error) => {
      if (isCurrent()) lose(toSwitchboardError(error, "CONN_001"));
    },
    // Also once the connection has ended: its renewal goes to its end.
    renewed: (error) => sawRenewal(ref, error, log, ports),
    transportChanged: (transport, note) => {
      if (isCurrent()) condition.transportChanged(transport, note);
    },
    sleep: (ms) => sleep(clock, ms, signal),
  };
}
