/** Telegram's pane: its looks, and a bot's world as the pane sees it. */
import type { Pane, PaneWorld } from "@switchboard/simulator-kit";
import type { World } from "../world/world.ts";
import { act, chatOf, upload } from "./actions.ts";
import { paneChange, paneMessages, paneState } from "./view.ts";

export const pane: Pane<World> = {
  look: { name: "Telegram", stickers: true },
  style: new URL("./look.css", import.meta.url),
  of: paneWorld,
};

function paneWorld(world: World): PaneWorld {
  return {
    state: () => paneState(world),
    messages: (chat, before) => paneMessages(world, chatOf(world, chat), before),
    listen: (listener) => world.changes.listen((change) => listener(paneChange(world, change))),
    act: (action) => act(world, action),
    upload: (uploaded) => upload(world, uploaded),
    file: (id) => {
      const file = world.files.byId(id);
      const bytes = file && world.files.bytes(file);
      if (!bytes) return undefined;
      const { name, mimeType, kind } = file;
      return {
        bytes,
        ...(name !== undefined && { name }),
        ...(mimeType !== undefined && { mimeType }),
        shown: kind !== "document",
      };
    },
    flush: () => world.journal.flush(),
  };
}
