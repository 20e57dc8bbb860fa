/** Puts the Store port in front of the calls. */

import type { Effect, Lease, Store, WakeUps } from "@switchboard/core/ports";
import type { AccountRef } from "@switchboard/domain";
import type { SwitchboardError } from "@switchboard/domain/errors";
import { toIntake, toText } from "../rows/intake.ts";
import { Calls } from "./calls.ts";
import { checkedUrl, placeOf } from "./connection.ts";
import { toPostgresError } from "./errors.ts";
import { Fate } from "./fate.ts";
import { migrate } from "./migrate.ts";
import type { Mode } from "./opening.ts";
import type { Parts } from "./parts.ts";
import { upkeep } from "./upkeep.ts";
import { joinNeighbourhood } from "./wake-ups.ts";
import { Workers } from "./workers.ts";

export interface PostgresStoreOptions {
  /** `postgresql://user:password@host:port/database`. */
  readonly url: string;
  /** As whom tables are made and changed, when `url` names somebody who may not. */
  readonly ownerUrl?: string | undefined;
  /** Connections of this process at most; default 8. */
  readonly connections?: number | undefined;
  /** The store itself is out of order and a call failed for it: STORE_001 to STORE_005. Its caller hears of it, too. */
  readonly onRefused?: (error: SwitchboardError) => void;
}

export interface PostgresStore extends Store {
  /** Reach every node on the database. */
  readonly wakeUps: WakeUps;
  /** Whether no other node is connected: then every lease in the database is a dead one's. */
  alone(): Promise<boolean>;
}

/** Calls that do not keep to the lanes they hold, or that must not run beside another of the tenant. */
const WIDE = new Set([
  "accounts.memorySwap",
  "outbox.receipt",
  "outbox.cancel",
  "sessions.create",
  "sessions.delete",
  "sessions.reset",
  "sessions.keepNewest",
  "accounts.put",
  "accounts.remove",
  "accounts.logOut",
  "deadLetters.replay",
  "deadLetters.discard",
  "devices.change",
  "pairing.approve",
  "pairing.dismiss",
]);
const WIDE_EFFECTS = new Set<Effect["type"]>(["redirect", "receipt", "amend-input", "pairing-request"]);
const READS =
  /\.(get|find|findByRun|list|inputs|attempts|sentMessage|controlValue|directWith|transcript|ofMessage|preferences|usage|memoryGet|holder|grants|notes|decidedBy|records|sums|days|limits|sealed|read|chain)$/;

/**
 * Opens the store and brings its schema up to date; any number of nodes may do so at once.
 * @throws CFG_001 for what is no address, STORE_001 when the server does not answer, STORE_003 when somebody may not do
 * what is needed, STORE_006 when this version did not make the schema.
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { connections = 8, onRefused = () => {} } = options;
  const url = checkedUrl(options.url);
  const roles = await migrate(url, options.ownerUrl === undefined ? undefined : checkedUrl(options.ownerUrl));
  const neighbourhood = await joinNeighbourhood(url);
  const where = placeOf(url);
  const workers = new Workers(url, connections);
  const toError = (thrown: unknown) => toPostgresError(thrown, where);
  const calls = new Calls(workers, new Fate(url), { roles, toError, onRefused });
  const part = <Name extends Group>(name: Name) => faceOf(calls, name) as unknown as Store[Name];
  const inbox = part("inbox");
  const accounts = part("accounts");
  return {
    inbox: {
      ...inbox,
      ingest: async (tenant, input) => {
        const intake = toIntake(input);
        return calls.of(tenant, "write", (parts) => parts.inbox.ingest(tenant, intake));
      },
    },
    turns: part("turns"),
    outbox: part("outbox"),
    sessions: part("sessions"),
    accounts: {
      ...accounts,
      all: () => calls.ofAll((engine) => engine.accounts()),
      outlines: () => calls.ofAll((engine) => engine.outlines()),
      keep: (node) => calls.ofAll((engine) => engine.keep(node)),
      vacant: (now) => calls.ofAll((engine) => engine.vacant(now)),
      freeAll: (except) => calls.ofAll((engine) => engine.freeAll(except)),
      memoryPrune: (now) => calls.ofAll((engine) => engine.pruner.memory(now)),
    },
    deadLetters: part("deadLetters"),
    devices: { ...part("devices"), all: () => calls.ofAll((engine) => engine.devices()) },
    pairing: { ...part("pairing"), prune: (before) => calls.ofAll((engine) => engine.pruner.pairing(before)) },
    audit: { ...part("audit"), unsealed: () => calls.ofAll((engine) => engine.unsealedChains()) },
    traces: part("traces"),
    vault: { ...part("vault"), all: () => calls.ofAll((engine) => engine.vaultKeys()) },
    usage: part("usage"),
    rates: { ...part("rates"), prune: (now) => calls.ofAll((engine) => engine.pruner.rates(now)) },
    answers: { ...part("answers"), prune: (now) => calls.ofAll((engine) => engine.pruner.answers(now)) },
    upkeep: upkeep(calls),
    wakeUps: neighbourhood,
    alone: () => neighbourhood.alone(),
    close: async () => {
      await calls.close();
      await neighbourhood.close();
      await workers.close();
    },
  };
}

type Group = Exclude<keyof Store & keyof Parts, never>;

/** The methods that one tenant's calls have; the first argument says whose they are. */
const METHODS = {
  inbox: ["claim", "settle", "get", "find", "list"],
  turns: [
    "claim",
    "claimWaiting",
    "complete",
    "giveBack",
    "answerLater",
    "enqueue",
    "stop",
    "get",
    "findByRun",
    "inputs",
    "list",
  ],
  // biome-ignore format: one line a group
  outbox: [
    "enqueue", "claim", "begin", "settle", "giveBack", "openDraft", "settleDraft", "receipt", "cancel", "get",
    "attempts", "list", "sentMessage", "controlValue",
  ],
  // biome-ignore format: one line a group
  sessions: [
    "get", "list", "directWith", "create", "transcript", "ofMessage", "append", "preferences", "setPreference", "reset",
    "delete", "keepNewest", "usage",
  ],
  // biome-ignore format: one line a group
  accounts: [
    "put", "setEnabled", "get", "list", "remove", "logOut", "setSelf", "nextGeneration", "claim", "release", "report",
    "holder", "memoryGet", "memorySet", "memoryRemove", "memorySwap", "grants", "grant", "revoke",
  ],
  deadLetters: ["get", "list", "replay", "discard"],
  devices: ["list", "change"],
  pairing: ["list", "approve", "dismiss", "decidedBy"],
  audit: ["append", "list", "read", "chain", "seal"],
  traces: ["note", "notes"],
  vault: ["list", "add", "rewrap", "remove", "sealed", "reseal"],
  usage: ["records", "sums", "days", "limits", "setLimits", "noteFirst"],
  rates: ["take"],
  answers: ["begin", "hold", "finish", "release"],
} as const satisfies { readonly [Name in Group]: readonly (keyof Store[Name] & keyof Parts[Name])[] };

type Method = (...args: unknown[]) => Promise<unknown>;

function faceOf(calls: Calls, group: Group): Record<string, Method> {
  const face: Record<string, Method> = {};
  for (const name of METHODS[group]) {
    face[name] = async (...given) => {
      // What the caller does with its objects later changes nothing of the call.
      const args = given.map((each) => (each === undefined ? undefined : JSON.parse(toText(each))));
      const mode = modeOf(`${group}.${name}`, args);
      return calls.of(tenantOf(args[0]), mode, (parts) => {
        const methods = parts[group] as unknown as Record<string, Method>;
        return (methods[name] as Method)(...args);
      });
    };
  }
  return face;
}

function tenantOf(first: unknown): string {
  return typeof first === "string" ? first : (first as AccountRef | Lease).tenant;
}

function modeOf(method: string, args: readonly unknown[]): Mode {
  if (READS.test(method)) return "read";
  if (WIDE.has(method)) return "wide";
  if (method === "inbox.settle") {
    const { effects = [] } = args[2] as { effects?: readonly Effect[] };
    return effects.some(({ type }) => WIDE_EFFECTS.has(type)) ? "wide" : "write";
  }
  // A message that went to a conversation's new place takes what waits along.
  if (method === "outbox.settle") {
    const { receipt } = args[3] as { receipt?: { successor?: string } };
    return receipt?.successor === undefined ? "write" : "wide";
  }
  return "write";
}
