/** The channel against the simulator, as the gateway uses both. */
import type { PeerId } from "@switchboard/domain";
import { channelContract } from "@switchboard/testkit/channel";
import { startSimulator } from "../simulator/index.ts";
import channel from "./index.ts";

channelContract(channel, {
  simulator: startSimulator,
  fixtures: {
    directory: new URL("../fixtures/", import.meta.url),
    self: { id: "+15552000000" as PeerId, displayName: "+15552000000" },
    config: { accountSid: `AC${"0".repeat(32)}`, authToken: "token", from: "+15552000000" },
  },
  config: { pollMs: 20, catchUpMs: 100 },
  skip: [
    {
      reason: "a text message tells a number and no name; see `conversation.test.ts`",
      tests: ["MSG-2 webhook: a message arrives", "MSG-2 polling: a message arrives"],
    },
    {
      reason: "what is sent cannot be changed, and there are no places, contacts or stickers; see `inbound.test.ts`",
      tests: ["MSG-1 has recorded payloads for every kind", "MSG-3 has recorded payloads for every type"],
    },
    { reason: "nobody changes a text message", tests: ["MSG-1 hears edits"] },
    {
      reason: "there are no groups; for addresses see `target.test.ts`",
      tests: ["CH-0 reads the ids of its own conversations", "ACC-4 in a group it knows"],
    },
    {
      reason: "phones send sound as files and pictures as pictures",
      tests: ["MSG-3 MSG-6 voice: arrives", "MSG-3 MSG-6 sticker: arrives"],
    },
    { reason: "a list that is read sends nothing again", tests: ["Q-4 oc#42681 polling"] },
  ],
});
