/** The worker as tests want it: it dies when it is told to, in the middle of whatever it does. */
import { parentPort } from "node:worker_threads";

parentPort?.on("message", (message: unknown) => {
  if (typeof message === "string" && message.includes("break now")) process.exit(7);
});
await import("../worker.ts");
