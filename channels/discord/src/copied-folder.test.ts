import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));

const script = `
  import { readFileSync } from "node:fs";
  import channel from "./src/index.ts";
  const { update } = JSON.parse(readFileSync("./fixtures/message-text.json", "utf8"));
  const [event] = channel.split(update, { account: "default", config: {} });
  const [{ platform, kind }] = channel.normalise(event, { account: "default", config: {} });
  console.log(JSON.stringify({ id: channel.id, env: Object.keys(channel.config.env)[0], platform, kind }));
`;

it("CH-0 a copy of this folder with another id in its package.json is another channel, with no other edit", async () => {
  const copy = await mkdtemp(join(tmpdir(), "channel-copy-"));
  try {
    for (const part of ["src", "fixtures", "package.json"]) {
      await cp(join(folder, part), join(copy, part), { recursive: true });
    }
    await symlink(join(folder, "../../node_modules"), join(copy, "node_modules"));
    const manifest = JSON.parse(await readFile(join(copy, "package.json"), "utf8")) as object;
    const edited = {
      ...manifest,
      name: "@switchboard/channel-other-servers",
      switchboard: { channel: "other-servers" },
    };
    await writeFile(join(copy, "package.json"), JSON.stringify(edited));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@switchboard/source", "--input-type=module", "--eval", script],
      { cwd: copy },
    );
    expect(JSON.parse(stdout)).toEqual({
      id: "other-servers",
      env: "OTHER_SERVERS_BOT_TOKEN",
      platform: "other-servers",
      kind: "message",
    });
  } finally {
    await rm(copy, { recursive: true });
  }
});
