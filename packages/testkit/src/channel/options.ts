/** What a channel tells its conformance suite. */
import type { InboundEvent, JsonObject, SelfIdentity, StartSimulator } from "@switchboard/domain";

export interface ChannelContractOptions {
  readonly simulator: StartSimulator;
  readonly fixtures: FixtureSource;
  /** On top of what the simulator's `accountConfig` says, e.g. short pauses. */
  readonly config?: JsonObject;
  /** Tests the channel cannot pass, by the beginning of their titles. They are shown as skipped with the reason. */
  readonly skip?: readonly { readonly reason: string; readonly tests: readonly string[] }[];
}

export interface FixtureSource {
  /** A folder of JSON files, each a `Fixture`, in the channel's folder; ends with a slash. */
  readonly directory: URL;
  /** The account that the payloads are addressed to. */
  readonly self: SelfIdentity;
  /** Of that account. Defaults are filled in. */
  readonly config: JsonObject;
}

/** A recorded or documented payload with what becomes of it. */
export interface Fixture {
  /** Where it is from. */
  readonly source: string;
  readonly update: unknown;
  /** What `unbundle` and `normalise` make of it, one entry an event, as far as it matters. */
  readonly expected: readonly Partial<InboundEvent>[];
}
