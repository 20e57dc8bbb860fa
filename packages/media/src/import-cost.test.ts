import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const probe = fileURLToPath(new URL("./test-support/import-cost.ts", import.meta.url));

describe("what the pipeline loads", () => {
  it("MSG-6 loads neither the picture library nor the web client before they are needed", async () => {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ["--conditions=@switchboard/source", "--no-warnings", probe]);
    const { atStart, afterPicture } = JSON.parse(stdout) as Record<string, readonly string[]>;
    expect(atStart).toEqual([]);
    expect(afterPicture).toEqual(["file-type", "sharp"]);
  });
});
