/** `switchboard demo` in a process and a folder of its own, with a model that answers what the picture needs. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { startModelServer } from "@switchboard/testkit/model-server";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { answer } from "./conversation.ts";

const CLI = join(import.meta.dirname, "../../../../cli/bin/switchboard.mjs");

export interface Demo extends AsyncDisposable {
  readonly url: string;
}

/** Rejects with what the demo said when it ended before it was ready. */
export async function startDemo(): Promise<Demo> {
  const directory = await temporaryDirectory("switchboard-screenshot-");
  const model = await startModelServer({ otherwise: answer });
  const { HOME = "", PATH = "" } = process.env;
  const child = spawn(
    process.execPath,
    ["--conditions=@switchboard/source", CLI, "demo", "--json", "--directory", directory.path],
    {
      env: { HOME, PATH, OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: "none", OPENAI_MODEL: "test-model" },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const ended = once(child, "exit");
  let said = "";
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        const found = /"url":\s*"([^"]+)"/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
    }
    void ended.then(() => reject(new Error(`The demo ended:\n${said}`)));
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await ended;
      await model.close();
      await directory.remove();
    },
  };
}
