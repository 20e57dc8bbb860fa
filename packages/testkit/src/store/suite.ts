/** What the parts of the store contract share: how tests are registered, and a world for each of them. */
import type { Store } from "@switchboard/core/ports";
import type { TenantId } from "@switchboard/domain";
import { afterAll, afterEach, beforeAll, it } from "vitest";
import { unique } from "../factories.ts";
import { World } from "./world.ts";

export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and opens it again over the same data. The earlier object is not used any more. */
  reopen(): Promise<Store>;
  /** Closes it and removes its data. */
  dispose(): Promise<void>;
}

/** Opens an empty store. */
export type OpenStore = () => Promise<OpenedStore>;

export interface StoreContractOptions {
  /** Tests that a driver cannot pass, by the beginning of their titles. They are shown as skipped with the reason. */
  readonly skip?: readonly { readonly reason: string; readonly tests: readonly string[] }[];
}

export interface Suite {
  /** A test in a tenant of its own, beside others in one store. */
  test(title: string, run: (world: World) => Promise<void>): void;
  /** A test in a store of its own: for what looks at all tenants, or opens the store again. */
  alone(title: string, run: (world: World, opened: OpenedStore) => Promise<void>, timeoutMs?: number): void;
}

export function suiteOf(open: OpenStore, { skip = [] }: StoreContractOptions): Suite {
  let shared: OpenedStore | undefined;
  beforeAll(async () => {
    shared = await open();
  });
  afterAll(() => shared?.dispose());

  const opened = new Set<OpenedStore>();
  afterEach(async () => {
    await Promise.all([...opened].map((each) => each.dispose()));
    opened.clear();
  });

  const register = (title: string, run: () => Promise<void>, timeoutMs?: number) => {
    const skipped = skip.find(({ tests }) => tests.some((start) => title.startsWith(start)));
    if (skipped) it.skip(`${title} (skipped: ${skipped.reason})`, run);
    else it(title, run, timeoutMs);
  };

  return {
    test: (title, run) =>
      register(title, async () => {
        if (!shared) throw new Error("the store did not open");
        await run(new World(shared.store, unique("tenant") as TenantId));
      }),
    alone: (title, run, timeoutMs) =>
      register(
        title,
        async () => {
          const own = await open();
          opened.add(own);
          await run(new World(own.store), own);
        },
        timeoutMs,
      ),
  };
}
