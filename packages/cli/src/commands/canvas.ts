/** `switchboard canvas …`: pages that are published here, for nodes and browsers to show. */
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { SwitchboardError } from "@switchboard/domain";
import { CANVAS_LIMITS, type Immutable, type Result } from "@switchboard/protocol";
import type { Command } from "commander";
import pc from "picocolors";
import { action, examples } from "../context.ts";
import type { GatewayAccess } from "../gateway-access.ts";
import { readInputFile, readStandardInput } from "../input.ts";
import { ago, bytes, table } from "../output.ts";

type Document = Result<"canvas.document.list">["documents"][number];

interface Publishing {
  readonly id?: string;
  readonly title?: string;
  readonly node?: string;
  readonly session?: string;
}

const INDEX = "index.html";

export function registerCanvas(program: Command): void {
  const canvas = program.command("canvas").description("pages that nodes and browsers show");
  examples(canvas, ["canvas list", "canvas publish report.html --title Report", "canvas show board"]);
  listCommand(canvas);
  showCommand(canvas);
  publishCommand(canvas);
  removeCommand(canvas);
}

function listCommand(canvas: Command): void {
  examples(
    canvas
      .command("list")
      .description("every page, the newest first")
      .option("--node <id>", "those that were published for this node")
      .option("--session <key>", "those that were published in this conversation")
      .action(
        action(async ({ output, withGateway }, { node, session }: Pick<Publishing, "node" | "session">) => {
          const result = await withGateway("local", (gateway) =>
            gateway.request("canvas.document.list", {
              ...(node !== undefined && { nodeId: node }),
              ...(session !== undefined && { sessionKey: session }),
            }),
          );
          output.result(result, ({ documents }) => documentTable(documents));
        }),
      ),
    ["canvas list", "canvas list --json"],
  );
}

function showCommand(canvas: Command): void {
  examples(
    canvas
      .command("show <document>")
      .description("one page: its files, and an address that a browser may open within a minute")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", async (gateway) => {
            const document = await oneDocument(gateway, id);
            const address = gateway.kind === "running" ? await addressOf(gateway, document) : undefined;
            return { ...document, ...(address !== undefined && { address }) };
          });
          output.result(result, describe);
        }),
      ),
    ["canvas show board", "canvas show board --json"],
  );
}

function publishCommand(canvas: Command): void {
  examples(
    canvas
      .command("publish <path>")
      .description("publish an HTML file, or a folder with an index.html; - is HTML on standard input")
      .option("--id <id>", "replaces the page that has it; default a new one that cannot be guessed")
      .option("--title <title>", "what people see")
      .option("--node <id>", "only this node may show it")
      .option("--session <key>", "the conversation it belongs to")
      .action(
        action(async ({ output, withGateway }, path: string, { id, node, session, title }: Publishing) => {
          const files = await filesAt(path);
          const result = await withGateway("local", (gateway) =>
            gateway.request("canvas.document.put", {
              files,
              ...(id !== undefined && { documentId: id }),
              ...(title !== undefined && { title }),
              ...(node !== undefined && { nodeId: node }),
              ...(session !== undefined && { sessionKey: session }),
            }),
          );
          output.result(
            result,
            (done) =>
              `${pc.green("✓")} published as ${done.documentId}, ${sizeOf(done)}\n` +
              `  look at it: switchboard canvas show ${done.documentId}`,
          );
        }),
      ),
    ["canvas publish report.html --title Report", "canvas publish ./board --id board", "canvas publish - < page.html"],
  );
}

function removeCommand(canvas: Command): void {
  examples(
    canvas
      .command("remove <document>")
      .description("take a page away; its addresses end at once")
      .action(
        action(async ({ output, withGateway }, id: string) => {
          const result = await withGateway("local", async (gateway) => {
            const { documentId } = await oneDocument(gateway, id);
            return gateway.request("canvas.document.remove", { documentId });
          });
          output.result(result, ({ documentId }) => `${pc.green("✓")} ${documentId} is gone`);
        }),
      ),
    ["canvas remove board"],
  );
}

/** @throws REQ_002. */
async function oneDocument(gateway: GatewayAccess, id: string): Promise<Immutable<Document>> {
  const { documents } = await gateway.request("canvas.document.list", {});
  const found = documents.find(({ documentId }) => documentId === id);
  if (found) return found;
  const hint = "List them: switchboard canvas list.";
  throw new SwitchboardError("REQ_002", `There is no document ${id}.`, { action: hint });
}

/** Good for this document, and a minute longer than this command's connection. */
async function addressOf(gateway: GatewayAccess, { documentId, path }: Immutable<Document>): Promise<string> {
  const { pluginSurfaceUrls } = await gateway.request("plugin.surface.refresh", { surface: "canvas", documentId });
  return `${pluginSurfaceUrls.canvas}${path}`;
}

/** @throws REQ_001 for a folder without an index.html, REQ_002 for what cannot be read, REQ_003 for too much. */
async function filesAt(path: string): Promise<{ path: string; content: string }[]> {
  if (path === "-") return [{ path: INDEX, content: Buffer.from(await readStandardInput()).toString("base64") }];
  const names = isFolder(path) ? filesIn(path) : [""];
  if (names.length > CANVAS_LIMITS.files) {
    throw new SwitchboardError("REQ_003", `A page may have at most ${CANVAS_LIMITS.files} files; there are more.`);
  }
  const files = names.map((name) => ({
    path: name === "" ? onlyName(path) : name,
    content: readInputFile(join(path, name)).toString("base64"),
  }));
  if (files.some((file) => file.path === INDEX)) return files;
  throw new SwitchboardError("REQ_001", `There is no ${INDEX} in ${path}; it is what is shown first.`);
}

/** Paths with slashes. Hidden files and symbolic links are left out. */
function filesIn(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith("."))
    .flatMap((entry) => {
      const name = `${below}${entry.name}`;
      if (entry.isDirectory()) return filesIn(folder, `${name}/`);
      return entry.isFile() ? [name] : [];
    });
}

/** A single file is the page. */
function onlyName(path: string): string {
  return /\.html?$/i.test(path) ? INDEX : basename(path);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function sizeOf({ bytes: count, files }: Immutable<Document>): string {
  return `${files.length} ${files.length === 1 ? "file" : "files"}, ${bytes(count)}`;
}

function documentTable(documents: readonly Immutable<Document>[]): string {
  return table(
    ["PAGE", "TITLE", "SIZE", "FOR", "PUBLISHED"],
    documents.map((each) => [
      each.documentId,
      each.title ?? "",
      sizeOf(each),
      each.nodeId?.slice(0, 12) ?? "everybody",
      ago(each.updatedAtMs),
    ]),
    "There is no page.",
  );
}

function describe(document: Immutable<Document> & { readonly address?: string }): string {
  const { address, files, nodeId, sessionKey, title, updatedAtMs } = document;
  return [
    `${pc.bold(title ?? document.documentId)} ${title === undefined ? "" : document.documentId}`.trimEnd(),
    `  ${sizeOf(document)}, published ${ago(updatedAtMs)}`,
    ...(nodeId === undefined ? [] : [`  only for the node ${nodeId}`]),
    ...(sessionKey === undefined ? [] : [`  of the conversation ${sessionKey}`]),
    ...files.map((file) => `  ${file.path} (${file.mimeType}, ${bytes(file.bytes)})`),
    ...(address === undefined ? [] : [`  open it within a minute: ${address}`]),
  ].join("\n");
}
