/** `switchboard nodes canvas …`: what a node's panel shows. The node carries it out, if it may be called for it. */
import { writeFileSync } from "node:fs";
import { SwitchboardError } from "@switchboard/domain";
import type { Command } from "commander";
import pc from "picocolors";
import { a2uiLines, a2uiText } from "../a2ui.ts";
import { action, type CommandContext, examples } from "../context.ts";
import type { GatewayAccess } from "../gateway-access.ts";
import { decimal, readInputFile, readStandardInput, seconds } from "../input.ts";
import { invokeNode } from "../one-node.ts";

interface Waits {
  readonly timeout: string;
}

interface Shows extends Waits {
  readonly document?: string;
}

interface Placement {
  readonly x?: string;
  readonly y?: string;
  readonly width?: string;
  readonly height?: string;
}

interface Picture extends Waits {
  readonly format: string;
  readonly maxWidth?: string;
  readonly quality?: string;
  readonly file?: string;
}

export function registerNodesCanvas(nodes: Command): void {
  const canvas = nodes.command("canvas").description("what a node's panel shows: documents, pages, A2UI");
  examples(canvas, [
    "nodes canvas present mac --document board",
    "nodes canvas snapshot mac --file panel.png --format png",
    "nodes canvas a2ui push mac --jsonl form.jsonl",
  ]);
  presentCommand(canvas);
  navigateCommand(canvas);
  hideCommand(canvas);
  evalCommand(canvas);
  snapshotCommand(canvas);
  const a2ui = canvas.command("a2ui").description("interfaces that a node draws from messages (A2UI)");
  examples(a2ui, ["nodes canvas a2ui push mac --text 'Back at five'", "nodes canvas a2ui reset mac"]);
  pushCommand(a2ui);
  resetCommand(a2ui);
}

function presentCommand(canvas: Command): void {
  examples(
    waiting(canvas.command("present <node> [target]"))
      .description("show the panel, with a document, an address or a path in it")
      .option("--document <id>", "a document that was published here")
      .option("--x <pixels>", "where the panel is, from the left")
      .option("--y <pixels>", "and from the top")
      .option("--width <pixels>", "how wide it is")
      .option("--height <pixels>", "how high it is")
      .action(
        action(async (context, node: string, target: string | undefined, options: Shows & Placement) => {
          const placement = placementOf(options);
          await carryOut(context, node, options, "canvas.present", async (gateway) => {
            const url = await addressOf(gateway, target, options);
            return { ...(url !== undefined && { url }), ...(placement && { placement }) };
          });
        }),
      ),
    [
      "nodes canvas present mac",
      "nodes canvas present mac --document board --width 800 --height 600",
      "nodes canvas present mac https://example.org/",
    ],
  );
}

function navigateCommand(canvas: Command): void {
  examples(
    waiting(canvas.command("navigate <node> [target]"))
      .description("show something else in the panel")
      .option("--document <id>", "a document that was published here")
      .action(
        action(async (context, node: string, target: string | undefined, options: Shows) => {
          await carryOut(context, node, options, "canvas.navigate", async (gateway) => {
            const url = await addressOf(gateway, target, options);
            if (url === undefined) throw new SwitchboardError("REQ_001", "Say where to: an address, or --document.");
            return { url };
          });
        }),
      ),
    ["nodes canvas navigate mac --document board", "nodes canvas navigate mac https://example.org/"],
  );
}

function hideCommand(canvas: Command): void {
  examples(
    waiting(canvas.command("hide <node>"))
      .description("hide the panel")
      .action(
        action((context, node: string, options: Waits) => carryOut(context, node, options, "canvas.hide", undefined)),
      ),
    ["nodes canvas hide mac"],
  );
}

function evalCommand(canvas: Command): void {
  examples(
    waiting(canvas.command("eval <node> [javascript]"))
      .description("run JavaScript in what the panel shows; without it, what is on standard input")
      .action(
        action(async ({ output, withGateway }, node: string, written: string | undefined, options: Waits) => {
          const javaScript = written ?? (await readStandardInput());
          if (javaScript === "") throw new SwitchboardError("REQ_001", "There is no JavaScript to run.");
          const timeoutMs = timeoutOf(options);
          const answer = await withGateway("fail", (gateway) =>
            invokeNode(gateway, node, { command: "canvas.eval", params: { javaScript }, timeoutMs }),
          );
          output.result(answer, ({ payload }) => {
            const { result = payload } = isRecord(payload) ? payload : {};
            return typeof result === "string" ? result : JSON.stringify(result ?? null, null, 2);
          });
        }),
      ),
    ["nodes canvas eval mac document.title", "nodes canvas eval mac < script.js"],
  );
}

function snapshotCommand(canvas: Command): void {
  examples(
    waiting(canvas.command("snapshot <node>"))
      .description("a picture of what the panel shows, in a file")
      .option("--format <format>", "png or jpg", "jpg")
      .option("--max-width <pixels>", "smaller when it is wider than this")
      .option("--quality <share>", "of a jpg, from 0 to 1")
      .option("--file <path>", "default: snapshot.png or snapshot.jpg here")
      .action(
        action(async ({ output, withGateway }, node: string, options: Picture) => {
          const timeoutMs = timeoutOf(options);
          const params = pictureOf(options);
          const { payload } = await withGateway("fail", (gateway) =>
            invokeNode(gateway, node, { command: "canvas.snapshot", params, timeoutMs }),
          );
          const { base64, format } = isRecord(payload) ? payload : {};
          if (typeof base64 !== "string") throw new SwitchboardError("NODE_002", "The node sent no picture.");
          const ending = (typeof format === "string" ? format : params.format).replace("jpeg", "jpg");
          const path = options.file ?? `snapshot.${ending === "png" ? "png" : "jpg"}`;
          const bytes = Buffer.from(base64, "base64");
          writePicture(path, bytes);
          output.result({ file: path, bytes: bytes.length }, ({ file }) => `${pc.green("✓")} ${file}`);
        }),
      ),
    ["nodes canvas snapshot mac", "nodes canvas snapshot mac --format png --max-width 1200 --file panel.png"],
  );
}

function pushCommand(a2ui: Command): void {
  examples(
    waiting(a2ui.command("push <node>"))
      .description("have it draw messages: one JSON object in each line, or only a text")
      .option("--jsonl <path>", "a file with the messages; - for standard input")
      .option("--text <text>", "a surface that shows this text")
      .action(
        action(async (context, node: string, options: Waits & { readonly jsonl?: string; readonly text?: string }) => {
          const jsonl = await messagesOf(options);
          await carryOut(context, node, options, "canvas.a2ui.pushJSONL", async () => ({ jsonl }));
        }),
      ),
    ["nodes canvas a2ui push mac --jsonl form.jsonl", "nodes canvas a2ui push mac --text 'Back at five'"],
  );
}

function resetCommand(a2ui: Command): void {
  examples(
    waiting(a2ui.command("reset <node>"))
      .description("take everything off that was drawn")
      .action(
        action((context, node: string, options: Waits) =>
          carryOut(context, node, options, "canvas.a2ui.reset", undefined),
        ),
      ),
    ["nodes canvas a2ui reset mac"],
  );
}

function waiting(command: Command): Command {
  return command.option("--timeout <seconds>", "how long the node may take", "30");
}

/** Calls the node and says that it did. */
async function carryOut(
  { output, withGateway }: CommandContext,
  node: string,
  options: Waits,
  command: string,
  paramsOf: ((gateway: GatewayAccess) => Promise<unknown>) | undefined,
): Promise<void> {
  const timeoutMs = timeoutOf(options);
  const result = await withGateway("fail", async (gateway) =>
    invokeNode(gateway, node, { command, params: await paramsOf?.(gateway), timeoutMs }),
  );
  output.result(result, () => `${pc.green("✓")} ${command} done`);
}

/** What nodes take: an address, or a path of this gateway, to which a node puts its own capability. */
async function addressOf(
  gateway: GatewayAccess,
  target: string | undefined,
  { document }: Shows,
): Promise<string | undefined> {
  if (document === undefined) return target;
  if (target !== undefined) throw new SwitchboardError("REQ_001", "Say either an address or --document, not both.");
  const { documents } = await gateway.request("canvas.document.list", {});
  const found = documents.find(({ documentId }) => documentId === document);
  if (found) return `${found.path}index.html`;
  const action = "List them: switchboard canvas list.";
  throw new SwitchboardError("REQ_002", `There is no document ${document}.`, { action });
}

function placementOf({ height, width, x, y }: Placement) {
  const given = Object.entries({ x, y, width, height }).filter(([, value]) => value !== undefined);
  if (given.length === 0) return undefined;
  return Object.fromEntries(given.map(([name, value]) => [name, decimal(value, `--${name}`)]));
}

function pictureOf({ format, maxWidth, quality }: Picture) {
  const wanted = { png: "png", jpg: "jpeg", jpeg: "jpeg" }[format.toLowerCase()];
  if (!wanted) throw new SwitchboardError("REQ_001", `"${format}" is neither png nor jpg.`);
  const share = decimal(quality, "--quality");
  if (share !== undefined && (share < 0 || share > 1)) {
    throw new SwitchboardError("REQ_001", "--quality is from 0 to 1.");
  }
  const width = decimal(maxWidth, "--max-width");
  return {
    format: wanted,
    ...(width !== undefined && { maxWidth: width }),
    ...(share !== undefined && { quality: share }),
  };
}

async function messagesOf({ jsonl, text }: { readonly jsonl?: string; readonly text?: string }): Promise<string> {
  if ((jsonl === undefined) === (text === undefined)) {
    throw new SwitchboardError("REQ_001", "Say either --jsonl or --text.");
  }
  if (text !== undefined) return a2uiText(text);
  return a2uiLines(jsonl === "-" ? await readStandardInput() : readInputFile(jsonl ?? "").toString("utf8"));
}

function timeoutOf({ timeout }: Waits): number {
  return Math.round(seconds(timeout) * 1_000);
}

/** @throws REQ_001 when it cannot be written. */
function writePicture(path: string, bytes: Buffer): void {
  try {
    writeFileSync(path, bytes);
  } catch (error) {
    throw new SwitchboardError("REQ_001", `The file ${path} cannot be written: ${(error as Error).message}.`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
