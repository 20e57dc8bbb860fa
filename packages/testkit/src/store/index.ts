/** The contract of the Store port as a suite that every driver runs. */
import { describe } from "vitest";
import { answersContract } from "./answers.ts";
import { auditContract } from "./audit.ts";
import { deadLettersContract } from "./dead-letters.ts";
import { devicesContract } from "./devices.ts";
import { draftsContract } from "./drafts.ts";
import { durabilityContract } from "./durability.ts";
import { effectsContract } from "./effects.ts";
import { inboxContract } from "./inbox.ts";
import { lateAnswersContract } from "./late-answers.ts";
import { outboxContract } from "./outbox.ts";
import { pairingContract } from "./pairing.ts";
import { queuedTurnsContract } from "./queued-turns.ts";
import { ratesContract } from "./rates.ts";
import { receiptsContract } from "./receipts.ts";
import { recordsContract } from "./records.ts";
import { runningTurnsContract } from "./running-turns.ts";
import { scaleContract } from "./scale.ts";
import { sessionsContract } from "./sessions.ts";
import { type OpenStore, type StoreContractOptions, suiteOf } from "./suite.ts";
import { tenantsContract } from "./tenants.ts";
import { upkeepContract } from "./upkeep.ts";
import { usageContract } from "./usage.ts";
import { vaultContract } from "./vault.ts";
import { waitingTurnsContract } from "./waiting-turns.ts";

export { anEntry, vaultOver } from "./audit.ts";
export { type StorePropertyOptions, storePropertyTest } from "./property.ts";
export type { OpenedStore, OpenStore, StoreContractOptions } from "./suite.ts";
export { given, World } from "./world.ts";

/** Registers the contract's tests; call it in a test file of the driver. */
export function storeContract(name: string, open: OpenStore, options: StoreContractOptions = {}): void {
  describe(`store contract: ${name}`, () => {
    const suite = suiteOf(open, options);
    inboxContract(suite);
    effectsContract(suite);
    queuedTurnsContract(suite);
    runningTurnsContract(suite);
    lateAnswersContract(suite);
    waitingTurnsContract(suite);
    sessionsContract(suite);
    outboxContract(suite);
    receiptsContract(suite);
    draftsContract(suite);
    deadLettersContract(suite);
    upkeepContract(suite);
    recordsContract(suite);
    auditContract(suite);
    vaultContract(suite);
    usageContract(suite);
    ratesContract(suite);
    answersContract(suite);
    devicesContract(suite);
    pairingContract(suite);
    tenantsContract(suite);
    durabilityContract(suite);
    scaleContract(suite);
  });
}
