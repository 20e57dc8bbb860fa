/** Rules that look into channels: what their package.json promises and what they are must agree. */
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

/** What every channel publishes; npm adds the README and package.json itself. */
const PUBLISHED = [
  "dist",
  "simulator/pane/*.css",
  "!dist/**/*.test.*",
  "!dist/**/*.specs.*",
  "!dist/simulator/testing",
  "!dist/**/*.tsbuildinfo",
];

export const channelFiles: Rule = {
  id: "channel-files",
  what: "All channels publish the same: what is built and the pane's style, without tests.",
  why: "A list that one of them keeps for itself publishes a test program sooner or later.",
  fix: `Copy "files" from channels/telegram/package.json.`,
  check: ({ packages }) =>
    packages
      .filter(({ directory }) => directory.startsWith("channels/"))
      .filter(({ manifest }) => JSON.stringify(manifest.files) !== JSON.stringify(PUBLISHED))
      .map(({ directory }) => `${directory}/package.json: "files" should be ${PUBLISHED.join(", ")}`),
};
