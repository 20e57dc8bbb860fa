/** Errors as tests expect them. */
import { SwitchboardError } from "@switchboard/domain";

/** The lease was lost, and nothing was changed. */
export const lost = { name: "SwitchboardError", code: "STORE_007" };
/** It is not in work, or not any more. */
export const conflict = { name: "SwitchboardError", code: "REQ_004" };

/** Whether a call failed because its lease was lost. */
export function isLost(error: unknown): boolean {
  return error instanceof SwitchboardError && error.code === lost.code;
}
