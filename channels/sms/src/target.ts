/** Addresses as people type them. */
import { type ConversationId, type PeerId, SwitchboardError, type Target } from "@switchboard/domain";
import { isAddress } from "./ids.ts";

/** A number with its country code, punctuation as people like it (`+1 (555) 123-4567`), or a short code. @throws REQ_001. */
export function parseTarget(text: string): Target {
  const number = text.trim().replaceAll(/(?<=\d|^\+\d*)[\s().-]+(?=[\d(])|[()]/g, "");
  if (!isAddress(number)) {
    throw new SwitchboardError(
      "REQ_001",
      `"${text.slice(0, 64).toWellFormed()}" is no phone number. Write it with its country code, e.g. +15551234567, or a short code.`,
    );
  }
  return { conversation: number as ConversationId, kind: "direct", peer: number as PeerId };
}
