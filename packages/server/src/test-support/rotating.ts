/** A process that does nothing but change keys in the directory it is given, and says so after each step, until it is killed. */
import { VaultKeeper } from "@switchboard/core";
import { vaultWorld } from "./vault-world.ts";

const world = await vaultWorld(process.argv[2]);
const keeper = new VaultKeeper({ ...world, accounts: { logOut: async () => {}, resealed: async () => {} } });
for (let after: string | undefined; ; ) {
  const answer = await keeper.rotate({ dataKeys: true, forgetOld: true, after });
  after = answer.next;
  process.stdout.write(`${answer.tenants} tenants\n`);
}
