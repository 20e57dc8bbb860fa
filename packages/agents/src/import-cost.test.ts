import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const probe = fileURLToPath(new URL("./test-support/import-cost.ts", import.meta.url));

interface Cost {
  readonly heavy: readonly string[];
  readonly text: string;
}

/** Runs one turn in a process of its own and tells which of the libraries that should load late were loaded. */
async function costOf(runtime: string): Promise<Cost> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ["--conditions=@switchboard/source", "--no-warnings", probe, runtime]);
  return JSON.parse(stdout) as Cost;
}

describe("what a runtime loads", () => {
  it("AGT-1 runs the echo agent without any provider library", async () => {
    const { heavy, text } = await costOf("echo");
    expect(text).toContain("hello");
    expect(heavy).toEqual([]);
  });

  it("AGT-1 loads a provider's library at the first turn that needs it, and only that one", async () => {
    const openai = await costOf("openai");
    expect(openai.text).toBe("hello");
    expect(openai.heavy).toContain("ai");
    expect(openai.heavy).toContain("@ai-sdk/openai-compatible");
    expect(openai.heavy).not.toContain("@ai-sdk/anthropic");
    const anthropic = await costOf("anthropic");
    expect(anthropic.text).toBe("hello");
    expect(anthropic.heavy).toContain("@ai-sdk/anthropic");
    expect(anthropic.heavy).not.toContain("@ai-sdk/openai-compatible");
  });
});
