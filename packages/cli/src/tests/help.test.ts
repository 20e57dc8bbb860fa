import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { LAUNCHER, type Ran, switchboard } from "../test-support/switchboard.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** Nothing here touches it. */
const stateDirectory = join(tmpdir(), "switchboard-that-is-never-made");

const run = (args: readonly string[], options = {}) => switchboard(args, { stateDirectory, ...options });

/** The names in a help text's list of commands. */
function commandsIn(help: string): string[] {
  const [, list = ""] = help.split(/^Commands:\n/m);
  const lines = (list.split(/\n\n|\nExamples:/)[0] ?? "").split("\n");
  return lines.flatMap((line) => /^ {2}([a-z][a-z0-9-]*)/.exec(line)?.[1] ?? []).filter((name) => name !== "help");
}

async function helpOf(path: readonly string[], found: Map<string, Ran>): Promise<void> {
  const ran = await run([...path, "--help"]);
  found.set(path.join(" "), ran);
  // For a name that it does not know a command shows its own help: going on from there would never end.
  if (!ran.stdout.startsWith(`Usage: switchboard ${path.join(" ")}`.trimEnd())) return;
  const commands = commandsIn(ran.stdout);
  // Two at a time: each is a process.
  for (let at = 0; at < commands.length; at += 2) {
    await Promise.all(commands.slice(at, at + 2).map((name) => helpOf([...path, name], found)));
  }
}

it("ends quietly when whoever reads it has read enough", async () => {
  const child = spawn(process.execPath, ["--conditions=@switchboard/source", LAUNCHER, "--help"], {
    env: { SWITCHBOARD_STATE_DIR: stateDirectory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const [code] = await once(child, "close");
  expect([code, complaint]).toEqual([0, ""]);
});

describe("the help", () => {
  const helps = new Map<string, Ran>();
  beforeAll(() => helpOf([], helps));

  it("covers every command that is promised", () => {
    const expected = ["start", "demo", "status", "health", "send", "trace"].concat(
      ["list", "add", "remove", "start", "stop", "status"].map((verb) => `channels ${verb}`),
      ["list", "show"].flatMap((verb) => [`sessions ${verb}`, `deliveries ${verb}`]),
      ["list", "show", "replay", "discard"].map((verb) => `dead-letters ${verb}`),
      ["qr"],
      ["list", "approve", "reject", "remove", "rename", "rotate", "revoke"].map((verb) => `devices ${verb}`),
      ["list", "describe", "approve", "reject", "rename", "remove", "invoke"].map((verb) => `nodes ${verb}`),
      ["list", "show", "publish", "remove"].map((verb) => `canvas ${verb}`),
      ["present", "navigate", "hide", "eval", "snapshot", "a2ui push", "a2ui reset"].map(
        (verb) => `nodes canvas ${verb}`,
      ),
      ["list", "approve", "dismiss"].map((verb) => `pairing ${verb}`),
      ["create", "restore"].map((verb) => `backup ${verb}`),
      ["migrate sqlite-to-postgres"],
      ["status", "rotate", "verify", "shred"].map((verb) => `vault ${verb}`),
      ["get", "set", "validate"].map((verb) => `config ${verb}`),
      ["alerts test"],
    );
    expect([...helps.keys()]).toEqual(expect.arrayContaining(expected));
  });

  it("ends with 0, says what each command is for, and shows examples of it", () => {
    const poor = [...helps].filter(([path, { code, stdout, stderr }]) => {
      const shown = stdout.includes(`Usage: switchboard ${path}`.trimEnd());
      const described = /\n\n[A-Za-z].+\n/.test(stdout);
      return code !== 0 || stderr !== "" || !shown || !described || !/^Examples:\n {2}\$ switchboard /m.test(stdout);
    });
    expect(poor.map(([path]) => path)).toEqual([]);
  });

  it("offers --json everywhere", () => {
    const without = [...helps].filter(([, { stdout }]) => !stdout.includes("--json"));
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it("shows only examples of commands and options that there are", () => {
    const wrong: string[] = [];
    for (const { stdout } of helps.values()) {
      for (const [, line = ""] of stdout.matchAll(/^ {2}\$ switchboard (.*)$/gm)) {
        const words = line.split(" ");
        // The longest beginning that is a command.
        const paths = words.map((_, at) => words.slice(0, words.length - at).join(" "));
        const help = helps.get(paths.find((path) => helps.has(path)) ?? words[0] ?? "")?.stdout;
        const options = words.filter((word) => /^--[a-z]/.test(word));
        if (!help || options.some((option) => !help.includes(option))) wrong.push(line);
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe("the launcher", () => {
  /** Makes the process believe that it is an older Node. */
  const pretend = (version: string) => [
    "--import",
    `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}})`,
  ];

  it.each(["18.20.8", "20.20.0", "22.14.0", "24.10.9"])("refuses Node %s, and says what to do", async (version) => {
    const { code, stdout, stderr } = await run(["status"], { execArgv: pretend(version) });
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(`needs Node.js 24.11 or newer; this is ${version}`);
    expect(stderr).toContain("https://nodejs.org");
    expect(stderr).not.toContain("at ");
  });

  it.each(["24.11.0", "26.0.0"])("takes Node %s", async (version) => {
    const { code, stdout } = await run(["--version"], { execArgv: pretend(version) });
    expect([code, stdout.trim()]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+/)]);
  });

  it("is plain JavaScript without a static import, so that any Node gets as far as the sentence", async () => {
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(LAUNCHER, "utf8")).not.toMatch(/^import /m);
  });
});
