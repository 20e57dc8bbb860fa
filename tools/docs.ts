/** Writes the documents that are made from code, below the current directory. `--check` only says whether they are up to date. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { ERRORS, type ErrorEntry } from "@switchboard/domain";
import { configSchema } from "@switchboard/protocol";
import { openApi, ROUTES } from "@switchboard/protocol/rest";
import { asyncApi } from "./docs/asyncapi.ts";
import { readCatalogue } from "./docs/catalogue.ts";
import { models } from "./docs/models.ts";
import { protocolPage } from "./docs/protocol-page/page.ts";
import { protocolSchema } from "./docs/protocol-schema.ts";

const GROUPS: readonly { prefix: string; title: string }[] = [
  { prefix: "CONN", title: "Connections" },
  { prefix: "MSG", title: "Messages" },
  { prefix: "SEC", title: "Access" },
  { prefix: "NET", title: "Fetching addresses" },
  { prefix: "STORE", title: "The store" },
  { prefix: "AGENT", title: "Agents" },
  { prefix: "NODE", title: "Nodes" },
  { prefix: "REQ", title: "Requests" },
  { prefix: "CFG", title: "Configuration" },
  { prefix: "SYS", title: "The process" },
];

/** docs/errors.md. */
export function errorsDocument(): string {
  const entries = Object.entries(ERRORS) as [string, ErrorEntry][];
  const sections = GROUPS.map(({ prefix, title }) => {
    const rows = entries
      .filter(([code]) => code.startsWith(`${prefix}_`))
      .map(
        ([code, entry]) =>
          `| \`${code}\` | ${entry.title} | ${entry.action} | ${entry.retryable ? "yes" : "no"} | ${entry.http} |`,
      );
    return [
      `## ${title}`,
      "",
      "| Code | What happened | What to do | Tried again | HTTP |",
      "|---|---|---|---|---|",
      ...rows,
    ].join("\n");
  });
  const head = [
    "# Errors",
    "",
    "Every error of Switchboard carries one of these codes: in the log, in a trace, in a dead letter, in an answer of the API and, where it concerns them, in what a chat user reads. This page is made from the error table (`npm run docs`).",
  ];
  return `${head.join("\n")}\n\n${sections.join("\n\n")}\n`;
}

/** JSON in the form that the format check asks for. */
function formatted(document: unknown): string {
  const biome = join(import.meta.dirname, "../node_modules/@biomejs/biome/bin/biome");
  const args = [biome, "format", "--stdin-file-path=document.json"];
  return execFileSync(process.execPath, args, {
    cwd: join(import.meta.dirname, ".."),
    input: JSON.stringify(document, null, 2),
    encoding: "utf8",
  });
}

const documents: Readonly<Record<string, () => string | Promise<string>>> = {
  "docs/errors.md": errorsDocument,
  "docs/config.schema.json": () => formatted(configSchema()),
  "docs/openapi.json": () => formatted(openApi(ROUTES)),
  "docs/protocol.schema.json": async () => formatted(protocolSchema(await catalogue())),
  "docs/asyncapi.json": async () => formatted(asyncApi(await catalogue())),
  "docs/protocol.md": async () => protocolPage(await catalogue()),
  "docs/clients/swift/SwitchboardProtocol.swift": async () => models(await catalogue(), "swift"),
  "docs/clients/kotlin/SwitchboardProtocol.kt": async () => models(await catalogue(), "kotlin"),
};

let read: ReturnType<typeof readCatalogue> | undefined;
function catalogue() {
  read ??= readCatalogue();
  return read;
}

const help = `Writes the documents that are made from code.

Usage: npm run docs [-- --check]

Examples:
  npm run docs
  npm run docs -- --check      fails where one is out of date
`;

if (import.meta.main) {
  const { values } = parseArgs({ options: { check: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help) process.stdout.write(help);
  else {
    for (const [path, make] of Object.entries(documents)) {
      const text = await make();
      const before = readOrEmpty(path);
      if (before === text) continue;
      if (values.check) {
        process.stderr.write(`${path} is out of date. Run: npm run docs\n`);
        process.exitCode = 1;
      } else {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
        process.stdout.write(`${path} written\n`);
      }
    }
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
