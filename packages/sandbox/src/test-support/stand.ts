/** A sandbox of its own for one test: built pages in a temporary folder, and a gateway whose fate the test decides. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SandboxError } from "../api.ts";
import type { GatewayHandle, GatewayState } from "../gateway-handle.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../sandbox.ts";

export const TOKEN = "a-token-that-stays-on-the-server";

/** Somebody else's process: the test moves it, and reads what it was asked to do. */
export class Owner implements GatewayHandle {
  readonly token = TOKEN;
  readonly asked: ("kill" | "restart")[] = [];
  readonly #listeners = new Set<() => void>();
  #state: GatewayState = "starting";
  #url: string | undefined;

  url(): string | undefined {
    return this.#url;
  }

  state(): GatewayState {
    return this.#state;
  }

  become(state: GatewayState, url = this.#url): void {
    this.#state = state;
    this.#url = url;
    for (const listener of this.#listeners) listener();
  }

  async kill(): Promise<void> {
    this.asked.push("kill");
    this.become("down");
  }

  async restart(): Promise<void> {
    this.asked.push("restart");
    this.become("running");
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

export interface Stand extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly owner: Owner;
  /** One request, with whatever headers and path; `fetch` would mend both. */
  ask(method: string, path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

export async function stand(options: Partial<SandboxOptions> = {}): Promise<Stand> {
  const pages = mkdtempSync(join(tmpdir(), "switchboard-sandbox-"));
  mkdirSync(join(pages, "assets"));
  writeFileSync(join(pages, "sandbox.html"), "<!doctype html><title>the page</title>");
  writeFileSync(join(pages, "assets", "sandbox-a1.js"), "export {};");
  writeFileSync(join(pages, "assets", "notes.txt"), "not for the web");
  writeFileSync(join(pages, "secret.js"), "outside of the assets");
  const owner = new Owner();
  const sandbox = await startSandbox({ simulators: [], gateway: owner, pages, ...options });
  return {
    sandbox,
    owner,
    ask: (method, path, headers = {}) => ask(sandbox.url, method, path, headers),
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      rmSync(pages, { recursive: true, force: true });
    },
  };
}

export function errorOf({ text }: Answer): SandboxError["error"] {
  return (JSON.parse(text) as SandboxError).error;
}

function ask(base: string, method: string, path: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const asked = request({ host: hostname.replace(/^\[|\]$/g, ""), port, method, path, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end();
  });
}
