/** What one can do in Slack besides talking. */
import type { PaneChat, PaneMenuItem } from "@switchboard/simulator-kit";
import type { Channel } from "../world/channels.ts";
import { hears } from "../world/post.ts";
import type { World } from "../world/world.ts";

const name = [{ name: "name", label: "Name" }];
const people = {
  name: "people",
  label: "Other people, separated by commas",
  placeholder: "Grace Hopper, Bob",
  optional: true,
};

/** What one can make, and how the app is set up. */
export function mainMenu({ app }: World): PaneMenuItem[] {
  return [
    {
      does: "channel",
      label: "New channel",
      fields: [{ name: "title", label: "Name", placeholder: "team" }, people],
      ok: "Create",
    },
    {
      does: "private",
      label: "New private channel",
      fields: [{ name: "title", label: "Name", placeholder: "secret" }, people],
      ok: "Create",
    },
    { does: "mpim", label: "New group message", fields: [people], ok: "Create" },
    app.socketMode
      ? {
          does: "calls",
          label: "App settings: use the Events API",
          fields: [{ name: "url", label: "Request URL" }],
          ok: "Save",
        }
      : { does: "sockets", label: "App settings: use Socket Mode" },
  ];
}

/** What one can do in a channel. */
export function channelMenu(world: World, channel: Channel): Pick<PaneChat, "menu" | "instead"> {
  if (channel.kind === "im") {
    return {
      menu: [
        { does: "home", label: "Open the Home tab" },
        { does: "begin", label: "New conversation in the agents' panel" },
      ],
    };
  }
  if (channel.archived)
    return { menu: [{ does: "unarchive", label: "Unarchive" }], instead: { label: "Unarchive", does: "unarchive" } };
  return {
    menu: [
      { does: "invite", label: "Add a person", fields: name, ok: "Add" },
      { does: "rename", label: "Rename", fields: name, ok: "Rename" },
      hears(world, channel)
        ? { does: "remove-bot", label: "Remove the app", danger: true }
        : { does: "add-bot", label: "Add the app" },
      { does: "archive", label: "Archive", danger: true },
      { does: "leave", label: "Leave", danger: true },
    ],
  };
}
