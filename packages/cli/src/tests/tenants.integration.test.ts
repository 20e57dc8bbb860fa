import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startWorld, type World } from "../test-support/world.ts";

// Each command is a process, which takes a busy machine seconds.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

interface Tenants {
  readonly tenants: readonly { readonly id: string; readonly name: string; readonly suspendedAt?: number }[];
}

describe("switchboard tenants, limits and usage", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ identity: { enabled: true } });
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  const acme = async () => {
    const { tenants } = await world.ask<Tenants>("tenants", "list");
    return tenants.find(({ name }) => name === "Acme");
  };

  it("TEN-1 TEN-7 a tenant is made, limited, suspended, resumed and removed by commands", async () => {
    const created = await world.run(["tenants", "create", "Acme", "--owner", "ada@example.com"]);
    expect([created.code, created.stdout]).toEqual([0, expect.stringContaining("/sign-in#invitation=")]);
    const id = (await acme())?.id ?? "";
    expect(created.stdout).toContain(id);

    const set = await world.run(["limits", "set", "accounts", "--hard", "4321", "--tenant", id]);
    expect([set.code, set.stderr]).toEqual([0, ""]);
    expect((await world.run(["limits", "show", "--tenant", id])).stdout).toContain("4321");
    expect((await world.run(["limits", "show"])).stdout).not.toContain("4321");
    expect((await world.run(["limits", "clear", "accounts", "--tenant", id])).code).toBe(0);
    expect((await world.run(["limits", "show", "--tenant", id])).stdout).not.toContain("4321");
    const used = await world.run(["usage", "--csv", "--tenant", id]);
    expect([used.code, used.stderr]).toEqual([0, ""]);

    expect((await world.run(["tenants", "suspend", id])).stdout).toContain(`${id} is suspended`);
    expect((await acme())?.suspendedAt).toEqual(expect.any(Number));
    expect((await world.run(["tenants", "resume", id])).stdout).toContain(`${id} is active`);
    expect((await acme())?.suspendedAt).toBeUndefined();

    const unsure = await world.run(["tenants", "remove", id]);
    expect([unsure.code === 0, `${unsure.stdout}${unsure.stderr}`]).toEqual([
      false,
      expect.stringContaining(`tenants remove ${id} --confirm ${id}`),
    ]);
    expect((await acme())?.id).toBe(id);
    expect((await world.run(["tenants", "remove", id, "--confirm", id])).stdout).toContain(`${id} is gone`);
    expect(await acme()).toBeUndefined();
    const unknown = await world.run(["tenants", "suspend", "t_nobody"]);
    expect([unknown.code === 0, `${unknown.stdout}${unknown.stderr}`]).toEqual([
      false,
      expect.stringContaining("switchboard tenants list"),
    ]);
  });
});
