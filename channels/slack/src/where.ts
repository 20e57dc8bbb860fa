/** What all events of a call share. */
import type { InboundEvent } from "@switchboard/domain";

export type Where = Pick<InboundEvent, "platform" | "account" | "raw" | "conversation" | "thread" | "sender" | "at">;
