import { requestsOfAdministrators } from "./administrators.ts";
import type { Attack } from "./attack.ts";
import { crowds, floods, halfOpened, oddHttp, slowSenders } from "./crowds.ts";
import { deafReaders, junkAfterConnect, requestsOfNodes, requestsOfOperators } from "./insiders.ts";
import { generousApprovers, sharedSetupCodes } from "./pairing.ts";
import {
  brokenFrames,
  falseConnects,
  junkBeforeConnect,
  misplacedTokens,
  requestsBeforeConnect,
  stolenProofs,
} from "./strangers.ts";

export type { Attack } from "./attack.ts";

export const ATTACKS: readonly Attack[] = [
  junkBeforeConnect,
  requestsBeforeConnect,
  brokenFrames,
  falseConnects,
  misplacedTokens,
  stolenProofs,
  requestsOfOperators,
  requestsOfNodes,
  requestsOfAdministrators,
  generousApprovers,
  sharedSetupCodes,
  junkAfterConnect,
  deafReaders,
  floods,
  crowds,
  halfOpened,
  slowSenders,
  oddHttp,
];
