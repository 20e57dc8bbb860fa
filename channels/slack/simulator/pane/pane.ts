/** Slack's pane: its looks, and an app's workspace as the pane sees it. */
import type { Pane, PaneWorld } from "@switchboard/simulator-kit";
import type { World } from "../world/world.ts";
import { act, upload } from "./actions.ts";
import { paneChange, paneMessages, paneState } from "./view.ts";

export const pane: Pane<World> = {
  look: { name: "Slack", layout: "lines", placeholder: "Message" },
  style: new URL("./look.css", import.meta.url),
  of: paneWorld,
};

function paneWorld(world: World): PaneWorld {
  return {
    state: () => paneState(world),
    messages: (chat, before) => paneMessages(world, chat, before),
    listen: (listener) => world.changes.listen((change) => listener(paneChange(world, change))),
    act: (action) => act(world, action),
    upload: (uploaded) => upload(world, uploaded),
    file: (id) => {
      const file = world.files.byId(id);
      const bytes = file && world.files.bytes(file);
      if (!bytes) return undefined;
      const { kind, mimeType, name } = file;
      return { bytes, name, mimeType, shown: kind !== "document" };
    },
    flush: () => world.journal.flush(),
  };
}
