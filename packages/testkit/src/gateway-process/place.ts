/** Where the gateway's program and the workspace are, found as any other program would find them. */
import { realpathSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { SwitchboardError } from "@switchboard/domain";

/** `built`: the files that users run. `source`: the same without a build, slower to start. */
export type GatewayForm = "built" | "source";

export interface GatewayProgram {
  readonly file: string;
  /** Arguments for Node itself. */
  readonly execArgv: readonly string[];
}

export function gatewayProgram(form: GatewayForm): GatewayProgram {
  return {
    file: join(packageDirectory("@switchboard/cli"), "bin/switchboard.mjs"),
    execArgv: form === "source" ? ["--conditions=@switchboard/source"] : [],
  };
}

/** The root of the npm workspace that this package is part of. */
export function workspaceDirectory(): string {
  return join(packageDirectory("@switchboard/cli"), "../..");
}

function packageDirectory(name: string): string {
  const manifest = findPackageJSON(name, import.meta.url);
  if (manifest === undefined) throw new SwitchboardError("CFG_001", `${name} is not installed. Run: npm ci`);
  // A workspace package is a link in node_modules; what stands beside it is found from its own place.
  return dirname(realpathSync(manifest));
}
