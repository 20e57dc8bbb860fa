/** What is known when it is all over: what people did, what the platforms show, what the store holds. */
import type { Conversation, SimulatedMessage } from "@switchboard/domain";

export interface SaidFact {
  readonly account: string;
  readonly conversation: string;
  readonly thread?: string;
  readonly messageId: string;
  readonly kind: "numbered" | "command" | "buttons" | "press";
  /** The platform gave up bringing it: the account had to find it by itself, after what was said later. */
  readonly givenUp?: boolean;
  readonly number?: number;
  /** The answer ends with a word of its own. */
  readonly marksEnd?: boolean;
}

/** A message of the account, in the order in which the platform got them. */
export type SeenFact = Pick<SimulatedMessage, "text" | "deleted"> & {
  readonly account: string;
  readonly conversation: string;
  readonly thread?: string;
  readonly id: string;
  /** What its channel writes on a message that may be a repeat. */
  readonly note: string;
};

export interface EventFact {
  readonly id: string;
  readonly account: string;
  readonly state: string;
  /** What it says by the channel's reading; a press is a `control`. */
  readonly kind: string;
  readonly conversation: Conversation["id"] | string;
  readonly messageId?: string;
  readonly preview: string;
}

export interface TurnFact {
  readonly id: string;
  readonly session: string;
  readonly state: string;
  readonly starts: number;
  /** Ids of its events, in order. */
  readonly events: readonly string[];
}

export interface DeliveryFact {
  readonly id: string;
  readonly account: string;
  readonly conversation: string;
  readonly kind: string;
  readonly state: string;
  readonly turn?: string;
  readonly event?: string;
  readonly markedDuplicate: boolean;
  /** It only changes an earlier message. */
  readonly isEdit: boolean;
  readonly messageIds: readonly string[];
  /** States of its attempts, in order. */
  readonly attempts: readonly string[];
}

export interface EntryFact {
  readonly session: string;
  readonly turn?: string;
  readonly role: string;
  readonly text: string;
}

/** What was counted over all days. */
export interface CountedFact {
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly runs: number;
}

export interface Facts {
  readonly said: readonly SaidFact[];
  readonly seen: readonly SeenFact[];
  readonly events: readonly EventFact[];
  readonly turns: readonly TurnFact[];
  readonly deliveries: readonly DeliveryFact[];
  /** In the order of each session. */
  readonly transcript: readonly EntryFact[];
  /** Dead letters nobody has decided about, in words. */
  readonly deadLetters: readonly string[];
  /** The turns of the records of use that are not of failed tries. */
  readonly recorded: readonly string[];
  readonly counted: CountedFact;
  /** Lanes that are held or have something waiting, in words. */
  readonly lanes: readonly string[];
}
