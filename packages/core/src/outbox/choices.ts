/**
 * What the numbers stand for that people may answer with, where the platform has no buttons. Only the newest message of
 * a conversation counts: what it offers replaces what an earlier one did, also when it offers nothing.
 */
import { createHash } from "node:crypto";
import { choicesOf, type OutboundContent } from "@switchboard/domain";

interface Offer {
  readonly values: readonly string[];
  /** Unix milliseconds. */
  readonly until: number;
}

/** The offer of a message, as a control value under its lane's name. */
export function numberedChoices(content: OutboundContent, lane: string, until: number): Record<string, string> {
  const offer: Offer = { values: choicesOf(content).map(({ value }) => value), until };
  return { [offerToken(lane)]: JSON.stringify(offer) };
}

/** Where a lane's offer is kept. */
export function offerToken(lane: string): string {
  return `#${createHash("sha256").update(lane).digest("base64url")}`;
}

/** The value that a number stands for; `undefined` when it stands for nothing now. */
export function chosenValue(kept: string | undefined, number: number, now: number): string | undefined {
  if (kept === undefined) return undefined;
  const { values, until } = JSON.parse(kept) as Offer;
  return now < until ? values[number - 1] : undefined;
}
