/** A copied folder is another channel: nothing in it but its package.json may know the id. */
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "vitest";
import type { Suite } from "./suite.ts";

const ID = "other-place";

const SCRIPT = `
  import channel from "./src/index.ts";
  const { reader, updates } = JSON.parse(process.env.READ);
  const raws = updates.flatMap((update) => channel.unbundle(update, reader));
  const platforms = raws.flatMap((raw) => channel.normalise(raw, reader)).map(({ platform }) => platform);
  console.log(JSON.stringify({ id: channel.id, env: Object.keys(channel.config.env), platforms }));
`;

interface Said {
  readonly id: string;
  readonly env: readonly string[];
  readonly platforms: readonly string[];
}

export function canBeCopied({ fixtures, folder, reader, test }: Suite): void {
  test("CH-0 a copy of its folder with another id in package.json is another channel, with no other edit", async () => {
    const messages = fixtures.filter(([, { expected }]) => expected[0]?.kind === "message").slice(0, 3);
    expect(messages.length, "recorded messages").toBeGreaterThan(0);
    const updates = messages.map(([, { update }]) => update);
    const copy = await mkdtemp(join(tmpdir(), "channel-copy-"));
    try {
      const from = fileURLToPath(folder);
      for (const part of ["src", "package.json"]) await cp(join(from, part), join(copy, part), { recursive: true });
      await symlink(join(from, "../../node_modules"), join(copy, "node_modules"));
      const manifest = JSON.parse(await readFile(join(copy, "package.json"), "utf8")) as { switchboard: object };
      const edited = {
        ...manifest,
        name: `@switchboard/channel-${ID}`,
        switchboard: { ...manifest.switchboard, channel: ID },
      };
      await writeFile(join(copy, "package.json"), JSON.stringify(edited));
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ["--conditions=@switchboard/source", "--input-type=module", "--eval", SCRIPT],
        { cwd: copy, env: { ...process.env, READ: JSON.stringify({ reader, updates }) } },
      );
      const { env, id, platforms } = JSON.parse(stdout) as Said;
      expect(id).toBe(ID);
      expect(env.filter((name) => !name.startsWith("OTHER_PLACE_"))).toEqual([]);
      expect(platforms.length).toBeGreaterThanOrEqual(updates.length);
      expect(new Set(platforms)).toEqual(new Set([ID]));
    } finally {
      await rm(copy, { recursive: true });
    }
  }, 30_000);
}
