/** What the parts of the channel contract share. */
import {
  type AccountId,
  type Channel,
  completed,
  type Reader,
  type Simulator,
  type StartSimulator,
  type Transport,
} from "@switchboard/domain";
import { it } from "vitest";
import { readFixtures } from "./fixtures.ts";
import type { ChannelContractOptions, Fixture } from "./options.ts";
import { connectedScene, openScene, type Scene, type SceneMaker, type SceneOptions, usualTransport } from "./scene.ts";

/**
 * Hands back what the channel has. What it has not, by its capabilities or because a method is left out, ends the test as
 * skipped, with `cannot` as the reason.
 */
export type Needs = <T>(ability: T | undefined, cannot: string) => Exclude<T, false>;

export interface Suite {
  readonly channel: Channel;
  readonly startSimulator: StartSimulator;
  /** What scenes use that ask for none. */
  readonly usualTransport: Transport;
  /** The channel's own. */
  readonly folder: URL;
  /** By file name without ending. */
  readonly fixtures: readonly (readonly [name: string, fixture: Fixture])[];
  /** The account that the recorded payloads are addressed to. */
  readonly reader: Reader;
  /** Everything that was thrown or logged by the tests so far. */
  readonly said: readonly string[];
  readonly secrets: ReadonlySet<string>;
  /** Registers a test, or shows it as skipped with the reason. */
  test(title: string, run: (needs: Needs) => Promise<void> | void, timeoutMs?: number): void;
  /** A connected account at a simulator of its own; use it with `await using`. */
  scene(options?: SceneOptions): Promise<Scene>;
  /** The same before `connect`. */
  opened(options?: SceneOptions): Promise<Scene>;
  simulator(): Promise<Simulator & AsyncDisposable>;
}

export function suiteOf(channel: Channel, options: ChannelContractOptions): Suite {
  const { config = {}, fixtures, simulator: startSimulator, skip = [] } = options;
  const said: string[] = [];
  const secrets = new Set<string>();
  const maker: SceneMaker = { channel, startSimulator, config, said, secrets };
  return {
    channel,
    startSimulator,
    usualTransport: usualTransport(channel),
    folder: new URL("..", fixtures.directory),
    fixtures: readFixtures(fixtures.directory),
    reader: {
      account: "default" as AccountId,
      self: fixtures.self,
      config: completed(channel.config.schema, fixtures.config, "config of the fixtures"),
    },
    said,
    secrets,
    test(title, run, timeoutMs) {
      const skipped = skip.find(({ tests }) => tests.some((start) => title.startsWith(start)));
      it.skipIf(skipped !== undefined)(
        skipped ? `${title} (skipped: ${skipped.reason})` : title,
        async ({ skip, task }) => {
          await run((ability, cannot) => {
            if (ability !== undefined && ability !== false) return ability as never;
            // Reports in JSON leave the reason of a skip out, but not this.
            Object.assign(task.meta, { cannot });
            return skip(`${channel.label} ${cannot}`);
          });
        },
        timeoutMs,
      );
    },
    scene: (input) => connectedScene(maker, input),
    opened: (input) => openScene(maker, input),
    async simulator() {
      const started = await startSimulator({ webhookRetryMs: 20 });
      return Object.assign(Object.create(started) as Simulator, {
        ...started,
        [Symbol.asyncDispose]: () => started.close(),
      });
    },
  };
}
