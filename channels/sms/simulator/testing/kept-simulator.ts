/** A simulator in a process of its own, to be killed. Arguments: the file, and the port or 0. */
import { startSimulator } from "../index.ts";

const [, , file = "", port = "0"] = process.argv;
const simulator = await startSimulator({ file, port: Number(port), webhookRetryMs: 20 });
process.send?.({ ...simulator.accountConfig(), number: simulator.number });
