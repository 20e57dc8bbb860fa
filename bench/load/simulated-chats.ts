/**
 * The same people in the simulator: a whole platform that keeps its world, queues updates and delivers them as Telegram
 * does. It costs several times what the gateway's calls cost, as any real platform would; both sides pay it alike.
 */
import type { Simulator } from "@switchboard/domain";
import type { Conversing } from "./conversing.ts";
import { textOf } from "./updates.ts";

const PATIENCE_MS = 30_000;

export class SimulatedChats implements Conversing {
  readonly count: number;
  readonly #simulator: Simulator;
  #said = 0;

  constructor(simulator: Simulator, count: number) {
    this.#simulator = simulator;
    this.count = count;
  }

  listen(): void {}

  close(): void {}

  async say(index: number): Promise<number> {
    const text = textOf(++this.#said);
    const startedAt = performance.now();
    const { conversation } = await this.#simulator.say({ from: `Person ${index}`, text });
    await this.#simulator.waitFor((message) => message.text.startsWith(text), { conversation, timeoutMs: PATIENCE_MS });
    return performance.now() - startedAt;
  }
}
