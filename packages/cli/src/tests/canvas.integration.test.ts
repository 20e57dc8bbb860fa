/** `switchboard canvas` and `switchboard nodes canvas` against a running gateway, with our own client as the node. */
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayClient } from "@switchboard/client";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { TestDevice } from "../test-support/device.ts";
import { startWorld, TOKEN, type World } from "../test-support/world.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const COMMANDS = [
  "canvas.a2ui.pushJSONL",
  "canvas.a2ui.reset",
  "canvas.eval",
  "canvas.hide",
  "canvas.navigate",
  "canvas.present",
  "canvas.snapshot",
];
/** What the node answers. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  "canvas.eval": { result: "the title" },
  "canvas.snapshot": { format: "jpeg", base64: Buffer.from("a picture").toString("base64") },
};

interface Listed {
  readonly documents: readonly { readonly documentId: string; readonly title?: string }[];
}
interface Shown {
  readonly address?: string;
  readonly files: readonly { readonly path: string }[];
}

describe("DEV-11 pages and panels on the command line", () => {
  let world: World;
  let place: Awaited<ReturnType<typeof temporaryDirectory>>;
  let node: GatewayClient;
  const device = new TestDevice();
  const calls: { command: string; params: unknown }[] = [];

  beforeAll(async () => {
    [world, place] = await Promise.all([startWorld(), temporaryDirectory()]);
    node = new GatewayClient({
      url: world.url,
      token: TOKEN,
      device: await device.identity(),
      client: { id: "node-host", mode: "node", version: "1", platform: "macos 15", displayName: "Mac" },
      role: "node",
      caps: ["canvas"],
      commands: COMMANDS,
    });
    node.on("node.invoke.request", ({ command, id, nodeId, paramsJSON }) => {
      calls.push({ command, params: paramsJSON ? JSON.parse(paramsJSON) : null });
      void node.request("node.invoke.result", { id, nodeId, ok: true, payload: ANSWERS[command] ?? {} });
    });
    await node.connect();
    let requestId = "";
    await vi.waitFor(
      async () => {
        const { pending } = await world.ask<{ pending: { requestId: string }[] }>("nodes", "list");
        requestId = pending[0]?.requestId ?? "";
        expect(requestId).not.toBe("");
      },
      { timeout: 60_000 },
    );
    await world.ask("nodes", "approve", requestId);
    await vi.waitFor(
      async () => {
        const { nodes } = await world.ask<{ nodes: { connected: boolean }[] }>("nodes", "list");
        expect(nodes).toMatchObject([{ connected: true }]);
      },
      { timeout: 60_000 },
    );
  });
  afterAll(async () => {
    node?.close();
    await world?.[Symbol.asyncDispose]();
    await place?.remove();
  });

  /** What the node was asked for by one command line. */
  async function asked(...args: readonly string[]): Promise<{ command: string; params: unknown }[]> {
    calls.length = 0;
    const ran = await world.run(["nodes", "canvas", ...args]);
    expect([ran.code, ran.stderr]).toEqual([0, ""]);
    return [...calls];
  }

  it("DEV-11 a page is published from a file, a folder and standard input, listed, shown and removed", async () => {
    const folder = join(place.path, "board");
    await mkdir(join(folder, "images"), { recursive: true });
    await writeFile(join(folder, "index.html"), "<!doctype html><p>board");
    await writeFile(join(folder, "images", "dot.svg"), "<svg/>");
    await writeFile(join(folder, ".hidden"), "not this");
    await writeFile(join(place.path, "secret"), "nor this");
    await symlink(join(place.path, "secret"), join(folder, "link.txt"));
    const published = await world.run(["canvas", "publish", folder, "--id", "board", "--title", "The board"]);
    expect([published.code, published.stdout]).toEqual([0, expect.stringContaining("published as board, 2 files")]);
    await writeFile(join(place.path, "report.html"), "<!doctype html><p>report");
    await world.ask("canvas", "publish", join(place.path, "report.html"), "--id", "report");
    const piped = await world.run(["canvas", "publish", "-", "--id", "piped", "--json"], { input: "<p>piped" });
    expect(piped.json()).toMatchObject({ documentId: "piped", files: [{ path: "index.html" }] });

    const { documents } = await world.ask<Listed>("canvas", "list");
    expect(documents.map(({ documentId }) => documentId).sort()).toEqual(["board", "piped", "report"]);
    expect((await world.run(["canvas", "list"])).stdout).toMatch(/board +The board +2 files, .*everybody/);
    const shown = await world.ask<Shown>("canvas", "show", "board");
    expect(shown.files.map(({ path }) => path).sort()).toEqual(["images/dot.svg", "index.html"]);
    // The command's own line is closed by now.
    expect(await (await fetch(shown.address ?? "")).text()).toBe("<!doctype html><p>board");
    expect((await world.run(["canvas", "show", "board"])).stdout).toContain("open it within a minute: http");

    expect((await world.run(["canvas", "remove", "report"])).stdout).toContain("report is gone");
    expect((await world.run(["canvas", "remove", "report"])).stderr).toContain("There is no document report.");
    expect((await fetch(shown.address ?? "")).status).toBe(200);
    await world.ask("canvas", "remove", "board");
    expect((await fetch(shown.address ?? "")).status).toBe(404);
  });

  it("DEV-11 what cannot be a page is refused with the reason", async () => {
    const folder = join(place.path, "poor");
    await mkdir(folder);
    await writeFile(join(folder, "page.txt"), "no index");
    for (const [args, words] of [
      [[folder], "There is no index.html"],
      [[join(folder, "page.txt")], "There is no index.html"],
      [[join(folder, "nothing")], "cannot be read"],
    ] as const) {
      const ran = await world.run(["canvas", "publish", ...args]);
      expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining(words)]);
    }
  });

  it("DEV-11 the panel of a node is shown, moved on, read and hidden", async () => {
    await world.run(["canvas", "publish", "-", "--id", "panel"], { input: "<p>panel" });
    const url = "/__openclaw__/canvas/documents/panel/index.html";
    expect(await asked("present", "mac", "--document", "panel", "--x", "-5", "--width", "800.5")).toEqual([
      { command: "canvas.present", params: { url, placement: { x: -5, width: 800.5 } } },
    ]);
    expect(await asked("present", "mac")).toEqual([{ command: "canvas.present", params: {} }]);
    expect(await asked("navigate", "mac", "https://example.org/")).toEqual([
      { command: "canvas.navigate", params: { url: "https://example.org/" } },
    ]);
    expect(await asked("hide", "mac")).toEqual([{ command: "canvas.hide", params: null }]);
    const evaluated = await world.run(["nodes", "canvas", "eval", "mac"], { input: "document.title" });
    expect([evaluated.stdout, calls.at(-1)]).toEqual([
      "the title\n",
      { command: "canvas.eval", params: { javaScript: "document.title" } },
    ]);
    const file = join(place.path, "panel.jpg");
    expect(await asked("snapshot", "mac", "--max-width", "600", "--quality", "0.5", "--file", file)).toEqual([
      { command: "canvas.snapshot", params: { format: "jpeg", maxWidth: 600, quality: 0.5 } },
    ]);
    expect(await readFile(file, "utf8")).toBe("a picture");
  });

  it("DEV-11 a node is handed A2UI, after a look at it", async () => {
    const [pushed] = await asked("a2ui", "push", "mac", "--text", "Back at five");
    expect(pushed).toMatchObject({ command: "canvas.a2ui.pushJSONL" });
    expect(JSON.stringify(pushed?.params)).toContain("Back at five");
    const file = join(place.path, "form.jsonl");
    const line = '{"deleteSurface":{"surfaceId":"main"}}';
    await writeFile(file, `${line}\n\n`);
    expect(await asked("a2ui", "push", "mac", "--jsonl", file)).toEqual([
      { command: "canvas.a2ui.pushJSONL", params: { jsonl: `${line}\n` } },
    ]);
    expect(await asked("a2ui", "reset", "mac")).toEqual([{ command: "canvas.a2ui.reset", params: null }]);
    calls.length = 0;
    await writeFile(file, `${line}\n{`);
    for (const [args, words] of [
      [["a2ui", "push", "mac", "--jsonl", file], "Line 2 is no JSON object"],
      [["a2ui", "push", "mac"], "either --jsonl or --text"],
      [["navigate", "mac"], "Say where to"],
      [["present", "mac", "--document", "nothing"], "There is no document nothing"],
      [["present", "mac", "--x", "left"], '"left" is no number for --x'],
      [["snapshot", "mac", "--format", "gif"], "neither png nor jpg"],
      [["snapshot", "mac", "--quality", "2"], "from 0 to 1"],
      [["hide", "nobody"], "There is no node nobody"],
    ] as const) {
      const ran = await world.run(["nodes", "canvas", ...args]);
      expect([args, ran.code, ran.stderr]).toEqual([args, 2, expect.stringContaining(words)]);
    }
    expect(calls).toEqual([]);
  });
});
