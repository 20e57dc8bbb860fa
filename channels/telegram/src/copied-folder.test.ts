import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));

const script = `
  import channel from "./src/index.ts";
  const [event] = channel.split({ update_id: 1, message: { message_id: 2, date: 3, chat: { id: 4, type: "private" }, text: "hi" } }, { account: "default", config: {} });
  const [{ platform, content }] = channel.normalise(event, { account: "default", config: {} });
  console.log(JSON.stringify({ id: channel.id, env: Object.keys(channel.config.env), platform, text: content.text }));
`;

it("CH-0 a copy of this folder with another id in its package.json is another channel, with no other edit", async () => {
  const copy = await mkdtemp(join(tmpdir(), "channel-copy-"));
  try {
    for (const part of ["src", "package.json"]) await cp(join(folder, part), join(copy, part), { recursive: true });
    await symlink(join(folder, "../../node_modules"), join(copy, "node_modules"));
    const manifest = JSON.parse(await readFile(join(copy, "package.json"), "utf8")) as object;
    const edited = { ...manifest, name: "@switchboard/channel-other-gram", switchboard: { channel: "other-gram" } };
    await writeFile(join(copy, "package.json"), JSON.stringify(edited));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@switchboard/source", "--input-type=module", "--eval", script],
      { cwd: copy },
    );
    expect(JSON.parse(stdout)).toEqual({
      id: "other-gram",
      env: ["OTHER_GRAM_BOT_TOKEN", "OTHER_GRAM_BASE_URL"],
      platform: "other-gram",
      text: "hi",
    });
  } finally {
    await rm(copy, { recursive: true });
  }
});
