/** The channel against the simulator, as the gateway uses both. */
import type { PeerId } from "@switchboard/domain";
import { channelContract } from "@switchboard/testkit/channel";
import { startSimulator } from "../simulator/index.ts";
import channel from "./index.ts";

channelContract(channel, {
  simulator: startSimulator,
  fixtures: {
    directory: new URL("../fixtures/", import.meta.url),
    self: { id: "106540352242922" as PeerId, username: "+15550783881", displayName: "Switchboard" },
    config: {
      accessToken: "token",
      appSecret: "secret",
      phoneNumberId: "106540352242922",
      businessAccountId: "102290129340398",
      furtherPhoneNumberIds: ["106540352242999"],
    },
  },
  config: { reconcileMs: 200 },
  skip: [
    {
      reason: "Meta tells businesses of no edits",
      tests: ["MSG-1 has recorded payloads for every kind", "MSG-1 hears edits"],
    },
    {
      reason: "groups are not supported yet; for addresses see `target.test.ts`",
      tests: ["CH-0 reads the ids of its own conversations", "ACC-4 in a group it knows"],
    },
  ],
});
