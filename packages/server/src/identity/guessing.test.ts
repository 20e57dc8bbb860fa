import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { noLog, systemClock } from "@switchboard/core";
import type { SwitchboardError } from "@switchboard/domain";
import { temporaryDirectory } from "@switchboard/testkit/temporary-directory";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Guessing } from "./guessing.ts";
import { openPeople, type People } from "./people.ts";

const directory = await temporaryDirectory();
const trust = { proxies: [], tailscale: false };
let people: People;
let guessing: Guessing;

beforeAll(async () => {
  people = await openPeople({
    stateDirectory: directory.path,
    url: undefined,
    ownerUrl: undefined,
    settings: {
      enabled: true,
      signUp: "invite",
      sessionDays: 1,
      providers: [],
      ethereum: { enabled: false, chains: [1] },
    },
    cookieSecret: async () => "only for tests",
    audit: async () => {},
    clock: { ...systemClock, now: () => 1_000_000 },
    log: noLog,
  });
  guessing = new Guessing(people, { rootOf: () => undefined, trust });
});
afterAll(async () => {
  await people.close();
  await directory[Symbol.asyncDispose]();
});

/** How many of the tries at so many accounts are let through, all in one request with these headers from this machine. */
async function allowed(headers: Record<string, string>, emails: readonly string[]): Promise<number> {
  let count = 0;
  const server = createServer(async (request, response) => {
    for (const email of emails) {
      const error = await guessing.begin(request, email).catch((thrown: SwitchboardError) => thrown);
      if (error === undefined) count += 1;
      else if (error.code !== "SEC_011") throw error;
    }
    response.end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { headers })).text();
  server.close();
  return count;
}

const MANY = Array.from({ length: 120 }, (_, index) => `${index}@example.com`);
const BEHIND_PROXY = { "x-forwarded-for": "203.0.113.7" };

it("TEN-1 visitors whose address nobody knows do not lock out each other, but an account is locked all the same", async () => {
  expect(await allowed(BEHIND_PROXY, MANY)).toBe(MANY.length);
  const one = Array.from({ length: 20 }, () => "one@example.com");
  expect(await allowed(BEHIND_PROXY, one)).toBe(10);
});

it("TEN-1 an address that is known has its limit, whatever the accounts", async () => {
  expect(await allowed({}, MANY)).toBe(100);
});
