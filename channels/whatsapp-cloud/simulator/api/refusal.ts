/** Refusals in the Graph API's form. Inside the simulator they travel as errors; on the wire as `{"error": {…}}`. */
import { randomUUID } from "node:crypto";
import { SwitchboardError, toSwitchboardError } from "@switchboard/domain";

export interface RefusalBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: number;
    readonly error_data?: { readonly messaging_product: "whatsapp"; readonly details: string };
    readonly fbtrace_id: string;
  };
}

interface Kept {
  readonly status: number;
  readonly body: RefusalBody;
}

/** `message` as Meta writes it, without the number in front. */
export function refusal(status: number, code: number, message: string, details?: string): SwitchboardError {
  const body: RefusalBody = {
    error: {
      message: code === 190 ? message : `(#${code}) ${message}`,
      type: "OAuthException",
      code,
      ...(details !== undefined && { error_data: { messaging_product: "whatsapp" as const, details } }),
      fbtrace_id: randomUUID().replaceAll("-", "").slice(0, 23),
    },
  };
  return new SwitchboardError("REQ_001", message, { details: { kept: { status, body } satisfies Kept } });
}

export const invalid = (details: string): SwitchboardError => refusal(400, 100, "Invalid parameter", details);

export const noSuchObject = (id: string): SwitchboardError =>
  refusal(
    400,
    100,
    `Unsupported request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation`,
  );

export const badToken = (): SwitchboardError =>
  refusal(401, 190, "Invalid OAuth access token - Cannot parse access token");

/** The answer for anything thrown; what is no refusal is an internal error. */
export function refusalOf(thrown: unknown): Kept {
  const kept = thrown instanceof SwitchboardError ? thrown.details?.kept : undefined;
  if (kept) return kept as Kept;
  const inner = refusal(500, 131000, "Something went wrong", toSwitchboardError(thrown).message);
  return inner.details?.kept as Kept;
}
