/** The contract, run on the embedded driver. */
import { storeContract, storePropertyTest } from "@switchboard/testkit/store";
import { temporaryStores } from "./test-support/temporary-store.ts";

storeContract("sqlite", temporaryStores());
storePropertyTest("sqlite", temporaryStores());
