/** Where channels come from: found by whoever composes the process, loaded when first needed. */
import type { Channel, ChannelId } from "@switchboard/domain";

export interface ChannelRegistry {
  /** Every channel that is installed, loaded or not. */
  list(): readonly { readonly id: ChannelId; readonly packageName: string }[];
  /** @throws CFG_002 when it is not installed, naming those that are. */
  load(id: ChannelId): Promise<Channel>;
}
