/** The conformance suite of channels (CH-0). It is written against the domain alone and names no platform. */
import type { Channel } from "@switchboard/domain";
import { describe } from "vitest";
import { readsAddresses } from "./addresses.ts";
import { connects } from "./connects.ts";
import { canBeCopied } from "./copies.ts";
import { describesItself } from "./describes-itself.ts";
import { keepsSecrets } from "./keeps-secrets.ts";
import type { ChannelContractOptions } from "./options.ts";
import { reads } from "./reads.ts";
import { receives } from "./receives.ts";
import { renders } from "./renders.ts";
import { marksRepeats } from "./repeats.ts";
import { sends } from "./sends.ts";
import { suiteOf } from "./suite.ts";
import { guardsWebhooks } from "./webhooks.ts";

export { type ContractAccount, type ContractAccountOptions, contractAccount } from "./contract-account.ts";
export { contractMemory } from "./contract-memory.ts";
export type { ChannelContractOptions, Fixture, FixtureSource } from "./options.ts";

/** Registers the contract's tests; call it in the channel's own test file. */
export function channelContract(channel: Channel, options: ChannelContractOptions): void {
  describe(`channel contract: ${channel.id}`, () => {
    const suite = suiteOf(channel, options);
    describesItself(suite);
    canBeCopied(suite);
    reads(suite);
    renders(suite);
    marksRepeats(suite);
    readsAddresses(suite);
    guardsWebhooks(suite);
    connects(suite);
    receives(suite);
    sends(suite);
    keepsSecrets(suite);
  });
}
