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
  console.log(JSON.stringify({ id: channel.id, env: Object.keys(channel.config.env) }));
`;

it("CH-0 a copy of this folder with another id in its package.json is another channel, with no other edit", async () => {
  const copy = await mkdtemp(join(tmpdir(), "channel-copy-"));
  try {
    for (const part of ["src", "package.json"]) await cp(join(folder, part), join(copy, part), { recursive: true });
    await symlink(join(folder, "../../node_modules"), join(copy, "node_modules"));
    const manifest = JSON.parse(await readFile(join(copy, "package.json"), "utf8")) as object;
    const edited = { ...manifest, name: "@switchboard/channel-other-app", switchboard: { channel: "other-app" } };
    await writeFile(join(copy, "package.json"), JSON.stringify(edited));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=@switchboard/source", "--input-type=module", "--eval", script],
      { cwd: copy },
    );
    const { env, id } = JSON.parse(stdout) as { env: string[]; id: string };
    expect(id).toBe("other-app");
    expect(env.filter((name) => !name.startsWith("OTHER_APP_"))).toEqual([]);
  } finally {
    await rm(copy, { recursive: true });
  }
});
