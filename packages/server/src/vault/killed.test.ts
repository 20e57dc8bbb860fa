/** Rotation by a process that is killed, again and again, wherever it is. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { VaultKeeper } from "@switchboard/core";
import type { TenantId } from "@switchboard/domain";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { expect, it, vi } from "vitest";
import { anAccount, vaultWorld } from "../test-support/vault-world.ts";

// Each kill is of a process, which takes a busy machine seconds to start.
vi.setConfig({ testTimeout: 120_000 });

const ROTATING = new URL("../test-support/rotating.ts", import.meta.url).pathname;
const TENANTS = Array.from({ length: 120 }, (_, number) => `tenant-${number}` as TenantId);

/** Rotates in a process of its own, which is killed so long after a step of its work. */
async function rotateAndDie(directory: string, steps: number, pauseMs: number): Promise<void> {
  const child = spawn(process.execPath, ["--conditions=@switchboard/source", ROTATING, directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  let seen = 0;
  for await (const _line of createInterface({ input: child.stdout })) {
    seen += 1;
    if (seen === steps) break;
  }
  expect(seen).toBe(steps);
  await sleep(pauseMs);
  child.kill("SIGKILL");
  expect(await gone).toEqual([null, "SIGKILL"]);
}

it("CRED-1 whatever moment a rotation is killed at, everything can be opened, and the next one goes on", async () => {
  await using directory = await temporaryDirectory();
  {
    await using world = await vaultWorld(directory.path);
    for (const tenant of TENANTS) {
      const whose = { ...anAccount, tenant };
      const sealed = await world.vault.seal(whose, "credential", { token: `of ${tenant}` });
      const row = { ...whose, source: "store", enabled: true, config: {}, settings: {}, sealed } as const;
      await world.store.accounts.put(row, world.clock.now());
    }
  }
  for (const [steps, pauseMs] of [
    [1, 0],
    [1, 7],
    [2, 2],
    [2, 23],
    [3, 0],
    [4, 11],
  ] as const) {
    await rotateAndDie(directory.path, steps, pauseMs);
    await using world = await vaultWorld(directory.path);
    for (const tenant of TENANTS) {
      const [value] = await world.store.vault.sealed(tenant);
      const opened = await world.vault.open({ ...anAccount, tenant }, "credential", value?.sealed ?? "");
      expect(opened).toEqual({ token: `of ${tenant}` });
    }
  }
  await using world = await vaultWorld(directory.path);
  const keeper = new VaultKeeper({ ...world, accounts: { logOut: async () => {}, resealed: async () => {} } });
  let answer = await keeper.rotate({ dataKeys: true, forgetOld: true });
  while (answer.next !== undefined)
    answer = await keeper.rotate({ dataKeys: true, forgetOld: true, after: answer.next });
  expect(world.ring.masters.map(({ id }) => id)).toEqual([answer.master]);
  const rows = await world.store.vault.all();
  expect(new Set(rows.map(({ master }) => master))).toEqual(new Set([answer.master]));
});
