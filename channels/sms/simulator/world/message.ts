/** A message as the simulator keeps it. */

export type Status = "accepted" | "queued" | "sending" | "sent" | "delivered" | "undelivered" | "failed" | "received";

export interface StoredMedia {
  readonly sid: string;
  readonly contentType: string;
  readonly name?: string;
  readonly size: number;
}

export interface StoredMessage {
  readonly sid: string;
  /** Grows from message to message. */
  readonly order: number;
  readonly direction: "inbound" | "outbound-api" | "outbound-reply";
  /** The phone's number. */
  readonly phone: string;
  readonly body: string;
  readonly media: readonly StoredMedia[];
  readonly segments: number;
  readonly encoding: "GSM-7" | "UCS-2";
  /** Unix milliseconds. */
  readonly at: number;
  readonly statusCallback?: string;
  readonly viaService: boolean;
  status: Status;
  errorCode?: number;
  updatedAt: number;
}

export function isOutbound({ direction }: StoredMessage): boolean {
  return direction !== "inbound";
}
