/** Attacks of those who are in, and want more than they have. */
import { setTimeout as sleep } from "node:timers/promises";
import { METHODS, type MethodName, methodSpec, SCOPES } from "@switchboard/protocol";
import type { Random } from "../../long-run/random.ts";
import { type Arena, type Insider, PATIENCE_MS } from "../arena.ts";
import { ask } from "../ask.ts";
import { connectParams } from "../device.ts";
import { exampleOf } from "../example.ts";
import { hostileText, hostileValue, junk, spoilt } from "../hostile.ts";
import { OPCODES } from "../line.ts";
import { type Attack, LISTEN_MS } from "./attack.ts";

const METHOD_NAMES = Object.keys(METHODS) as MethodName[];

/** What would end the gateway or fill the disk when somebody may do it. */
const HANDS_OFF = /^(gateway\.restart|config\.(set|apply|patch)|backup\.)/;

/** A request that fits the schema, or nearly. */
function request(random: Random, administers: boolean): { readonly method: string; readonly params: unknown } {
  const method = random.chance(0.03) ? hostileText(random) : random.pick(METHOD_NAMES);
  if (!Object.hasOwn(METHODS, method) || (administers && HANDS_OFF.test(method))) {
    return { method: Object.hasOwn(METHODS, method) ? "health" : method, params: hostileValue(random) };
  }
  const good = exampleOf(methodSpec(method as MethodName).params, random);
  return { method, params: random.chance(0.6) ? spoilt(good, random) : good };
}

/** Sends, and expects that the connection still answers at the end. */
async function send(arena: Arena, insider: Insider, random: Random, administers: boolean): Promise<void> {
  const { line } = insider;
  for (let n = random.whole(5, 60); n > 0; n--) {
    const { method, params } = request(random, administers);
    ask(insider, `r${n}`, method, params);
  }
  const answered = line.answer("last", PATIENCE_MS);
  ask(insider, "last", "health", {});
  // A node that asks for too much is thrown out, and that is an answer too.
  if (!(await answered) && !line.over)
    arena.watch.breach("the client that behaves got no answer", "an insider's health");
  line.drop();
}

export const requestsOfOperators: Attack = {
  name: "requests of operators",
  weight: 12,
  async run(arena, random) {
    const scopes = SCOPES.filter(() => random.chance(0.25));
    const insider = await arena.operator(scopes);
    if (insider) await send(arena, insider, random, scopes.includes("operator.admin"));
  },
};

export const requestsOfNodes: Attack = {
  name: "requests of nodes",
  weight: 4,
  async run(arena, random) {
    const insider = await arena.asNode();
    if (insider) await send(arena, insider, random, false);
  },
};

export const junkAfterConnect: Attack = {
  name: "junk after connect",
  weight: 6,
  async run(arena, random) {
    const scopes = SCOPES.filter((scope) => scope !== "operator.admin" && random.chance(0.3));
    const insider = await arena.operator(scopes);
    if (!insider) return;
    for (let n = random.whole(1, 10); n > 0; n--) {
      random.pick([
        () => insider.line.frame(Buffer.from('{"type":"req"}'), { opcode: OPCODES.binary }),
        () =>
          ask(insider, `c${n}`, "connect", {
            ...connectParams({ scopes: ["operator.admin"], auth: { token: arena.token } }),
          }),
        () => insider.line.frame(junk(random)),
        () => insider.line.frame(junk(random)),
        () => insider.line.frame(junk(random)),
      ])();
    }
    const answered = insider.line.answer("after", LISTEN_MS);
    // Whoever says `connect` twice gets no more by it.
    ask(insider, "after", "config.set", { raw: "{}", baseHash: "x" });
    await Promise.race([answered, insider.line.closed]);
    insider.line.drop();
  },
};

/** Asks for much and reads none of it. */
export const deafReaders: Attack = {
  name: "deaf readers",
  weight: 2,
  async run(arena, random, { over }) {
    const insider = await arena.operator(["operator.read"]);
    if (!insider) return;
    insider.line.deafen();
    for (let n = random.whole(20, 400); n > 0 && !over.aborted && !insider.line.over; n--) {
      ask(insider, `r${n}`, random.pick(["config.schema", "config.get", "status", "logs.tail"]), {});
      if (n % 50 === 0) await sleep(20);
    }
    await Promise.race([insider.line.closed, sleep(LISTEN_MS)]);
    insider.line.drop();
  },
};
