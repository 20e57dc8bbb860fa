import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MODULE = JSON.stringify(import.meta.resolve("./spare-memory.ts"));

/** A thread that says so once an object that nobody holds is gone. It would rest for ever otherwise. */
const WATCHER = `
  import { parentPort } from "node:worker_threads";
  import { spareMemory } from ${MODULE};
  spareMemory(20);
  const unused = new WeakRef({});
  setInterval(() => { if (unused.deref() === undefined) parentPort.postMessage("collected"); }, 5);
`;

test("OPS-9 a second thread collects its garbage once it is quiet", async () => {
  const program = `
    import { Worker } from "node:worker_threads";
    import { allowCollecting } from ${MODULE};
    allowCollecting();
    const thread = new Worker(new URL(${JSON.stringify(`data:text/javascript,${encodeURIComponent(WATCHER)}`)}));
    thread.once("message", (said) => { console.log(said); process.exit(); });
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  expect(stdout).toBe("collected\n");
});
