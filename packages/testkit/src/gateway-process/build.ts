/** Brings the built files up to date, so that what runs is what was written. */
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { SwitchboardError } from "@switchboard/domain";
import { workspaceDirectory } from "./place.ts";

/** Builds every package but the pages, as `npm run build` does. @throws SYS_005 with the build's words. */
export async function buildWorkspace(root: string = workspaceDirectory()): Promise<void> {
  const path = [join(root, "node_modules/.bin"), process.env.PATH ?? ""].join(delimiter);
  const child = spawn(
    process.execPath,
    ["--conditions=@switchboard/source", join(root, "tools/build.ts"), "--no-pages"],
    { cwd: root, env: { ...process.env, PATH: path }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new SwitchboardError("SYS_005", `The build failed:\n${said.trim()}`);
}
