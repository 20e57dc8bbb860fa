/** Whoever may do everything, and does: nothing they send may end the gateway or make it answer what nobody knows. */
import { matches } from "@switchboard/domain";
import { METHODS, type MethodName, methodSpec } from "@switchboard/protocol";
import type { Random } from "../../long-run/random.ts";
import { PATIENCE_MS } from "../arena.ts";
import { ask, question } from "../ask.ts";
import { createDevice } from "../device.ts";
import { exampleOf, WORDS } from "../example.ts";
import type { Attack } from "./attack.ts";

/** Ends every line, and so the client that behaves; it has tests of its own. */
const HANDS_OFF: readonly string[] = ["gateway.restart.request"];
const OPERATORS = (Object.keys(METHODS) as MethodName[]).filter(
  (name) => methodSpec(name).role !== "node" && !HANDS_OFF.includes(name),
);
const TRIES = 10;

/** Parameters that the method takes. What has a pattern is not always hit. */
function fitting(method: MethodName, random: Random, words: readonly string[]): unknown {
  const { params } = methodSpec(method);
  let example = exampleOf(params, random, words);
  for (let tries = 1; tries < TRIES && !matches(params, example); tries++) example = exampleOf(params, random, words);
  return example;
}

/** Every method once, in any order, about things that are there and things that are not. */
export const requestsOfAdministrators: Attack = {
  name: "requests of administrators",
  weight: 3,
  async run(arena, random, { over }) {
    const device = createDevice();
    const paired = await arena.pair(device, "operator", ["operator.read"]);
    const insider = await arena.operator(["operator.admin"]);
    if (!insider) return;
    const words = [...WORDS, device.id, "webchat", "agent:main:webchat:default:direct:me", `run-${random.whole(1, 9)}`];
    const methods = OPERATORS.map((name) => ({ name, at: random.next() })).sort((a, b) => a.at - b.at);
    for (const [n, { name }] of methods.entries()) {
      if (over.aborted || insider.line.over) break;
      ask(insider, `r${n}`, name, fitting(name, random, words));
      // In step now and then, so that what one leaves behind is there for the next.
      if (n % 10 === 9) await question(insider, `h${n}`, "health", {}, PATIENCE_MS);
    }
    const last = await question(insider, "last", "health", {}, PATIENCE_MS);
    if (!last && !insider.line.over) {
      arena.watch.breach("the client that behaves got no answer", "an administrator's health");
    }
    if (paired) await question(insider, "remove", "device.pair.remove", { deviceId: device.id }, PATIENCE_MS);
    insider.line.drop();
  },
};
