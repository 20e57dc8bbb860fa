/** The channel against the simulator, as the gateway uses both. */
import type { PeerId } from "@switchboard/domain";
import { channelContract } from "@switchboard/testkit/channel";
import { startSimulator } from "../simulator/index.ts";
import channel from "./index.ts";

channelContract(channel, {
  simulator: startSimulator,
  fixtures: {
    directory: new URL("../fixtures/", import.meta.url),
    self: { id: "900000000000000001" as PeerId, username: "desk", displayName: "Desk" },
    config: { token: "token" },
  },
  skip: [
    {
      reason: "Discord has neither locations nor contacts; the other seven types have payloads in fixtures/",
      tests: ["MSG-3 has recorded payloads for every type of content"],
    },
  ],
});
