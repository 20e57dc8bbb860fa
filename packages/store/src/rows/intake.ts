/** Updates on their way into the store: what a caller does with its objects later changes nothing of them. */
import type { Ingest } from "@switchboard/core/ports";
import type { RawEvent } from "@switchboard/domain";
import { SwitchboardError } from "@switchboard/domain/errors";

/** A raw event whose payload is JSON text already. */
export type IntakeEvent = Omit<RawEvent, "payload"> & { readonly payload: string };

export type Intake = Omit<Ingest, "events"> & { readonly events: readonly IntakeEvent[] };

/** @throws SYS_005 for a payload that is no JSON. */
export function toIntake(input: Ingest): Intake {
  return { ...input, events: input.events.map((event) => ({ ...event, payload: toText(event.payload) })) };
}

/** @throws SYS_005 for what is no JSON. */
export function toText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new SwitchboardError("SYS_005", `The store cannot take this: ${error}`, { cause: error });
  }
}
