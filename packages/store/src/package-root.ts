/** The package's own folder, the same from source, from the built files and from what a bundler made of them. */
import { existsSync } from "node:fs";

function find(): URL {
  let folder = new URL(".", import.meta.url);
  while (!existsSync(new URL("package.json", folder))) folder = new URL("..", folder);
  return folder;
}

/** Ends with a slash. */
export const packageRoot: URL = find();

/** Whether the sources run as they are. */
export const fromSource: boolean = import.meta.url.endsWith(".ts");
