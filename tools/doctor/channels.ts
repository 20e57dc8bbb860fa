/** A rule that looks into channels: what their package.json promises and what they are must agree. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Channel } from "@switchboard/domain";
import type { Rule } from "./rule.ts";

export const channelManifests: Rule = {
  id: "channel-manifests",
  what: "`switchboard.channel` and `switchboard.env` in a channel's package.json say what the channel itself says.",
  why: "The gateway reads them to know which channels to load, without running any.",
  fix: "Copy the id and the names of the environment variables from the channel's config into package.json.",
  async check({ files, packages, root }) {
    // Where there is no index, "channel-folders" says so.
    const channels = packages.filter(
      ({ directory }) => directory.startsWith("channels/") && files.includes(`${directory}/src/index.ts`),
    );
    const breaches = await Promise.all(
      channels.map(async ({ directory, manifest }) => {
        const source = join(root, directory, "src/index.ts");
        const { default: channel } = (await import(pathToFileURL(source).href)) as { default: Channel };
        const promised = [...(manifest.switchboard?.env ?? [])].sort().join(", ");
        const actual = Object.keys(channel.config.env).sort().join(", ");
        return [
          ...(channel.id === manifest.switchboard?.channel
            ? []
            : [`${directory}/package.json: the channel's id is ${channel.id}`]),
          ...(promised === actual ? [] : [`${directory}/package.json: switchboard.env should be ${actual}`]),
        ];
      }),
    );
    return breaches.flat();
  },
};
