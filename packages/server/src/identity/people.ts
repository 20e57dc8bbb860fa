/** Everything about people, tenants and keys of one gateway. Loaded only where `identity.enabled` is set (ADR 46). */
import type { IncomingMessage } from "node:http";
import type { AuditEntry, Clock, Log } from "@switchboard/core";
import type { TenantId } from "@switchboard/domain";
import type { Config } from "@switchboard/protocol";
import { identityBackupOf, openIdentityDatabase, openIdentityFile } from "@switchboard/store/identity";
import type { ProxyTrust } from "../callers/peer.ts";
import { Challenges } from "./challenges.ts";
import { Credentials } from "./credentials.ts";
import { Invitations } from "./invitations.ts";
import { Keys } from "./keys.ts";
import { Members } from "./members.ts";
import { Newcomers } from "./newcomers.ts";
import { Passkeys } from "./passkeys.ts";
import type { SignInLibrary } from "./sign-in-library.ts";
import { Tenants } from "./tenants.ts";
import { Tries } from "./tries.ts";

export type Audit = (tenant: TenantId, entry: Omit<AuditEntry, "at">) => Promise<void>;

export interface PeopleOptions {
  readonly stateDirectory: string;
  /** A PostgreSQL database; absent: a file in the state directory. */
  readonly url: string | undefined;
  readonly ownerUrl: string | undefined;
  readonly settings: Config["identity"];
  /** What signs cookies, the same on every node; not in the database, so that a copy of it makes no session. */
  readonly cookieSecret: () => Promise<string>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is known of a request's way here. */
export interface Surroundings {
  /** The gateway's own address that was asked; `undefined` when it is not sure. */
  readonly rootOf: (request: IncomingMessage) => string | undefined;
  readonly trust: ProxyTrust;
}

export interface People {
  readonly tenants: Tenants;
  readonly members: Members;
  readonly invitations: Invitations;
  readonly keys: Keys;
  readonly tries: Tries;
  readonly challenges: Challenges;
  readonly credentials: Credentials;
  readonly passkeys: Passkeys;
  readonly newcomers: Newcomers;
  readonly settings: Config["identity"];
  readonly audit: Audit;
  readonly log: Log;
  readonly now: () => number;
  /** What somebody did about their own account, into the audit log of every tenant that they belong to. */
  noteOfPerson(person: string, action: string, subject: string): Promise<void>;
  /** The id of the person with that address. */
  find(email: string): Promise<string | undefined>;
  /** Notes which tenant a session works for. */
  choose(session: string, tenant: string): Promise<void>;
  /** Ends all sessions of a person. */
  endSessions(person: string): Promise<void>;
  /** The sign-in library for one of the gateway's own addresses. */
  signIn(root: string): Promise<SignInLibrary>;
  /** Writes a consistent copy beside that of the store at `path`; a shared database is copied by its own means. */
  backup?(path: string): Promise<void>;
  close(): Promise<void>;
}

/** @throws CFG_001, STORE_001, STORE_003, STORE_006. */
export async function openPeople(options: PeopleOptions): Promise<People> {
  const { audit, clock, cookieSecret, log, ownerUrl, settings, stateDirectory, url } = options;
  const database =
    url === undefined ? await openIdentityFile(stateDirectory) : await openIdentityDatabase({ url, ownerUrl });
  const { backup, db } = database;
  const members = new Members(db, clock.now);
  const invitations = new Invitations(db, clock.now);
  const libraries = new Map<string, Promise<SignInLibrary>>();
  const mayJoin = async (email: string) =>
    settings.signUp === "open" || (settings.signUp === "invite" && (await invitations.isExpected(email)));
  return {
    tenants: new Tenants(db, clock.now),
    members,
    invitations,
    keys: new Keys(db, clock.now),
    tries: new Tries(database, clock.now),
    challenges: new Challenges(db, clock.now),
    credentials: new Credentials(db),
    passkeys: new Passkeys(db, clock.now),
    newcomers: new Newcomers(database, clock.now),
    settings,
    audit,
    log,
    now: clock.now,
    async noteOfPerson(person, action, subject) {
      for (const { tenant } of await members.ofPerson(person)) {
        await audit(tenant, { actor: `person:${person}`, action, subject, outcome: "ok" });
      }
    },
    async find(email) {
      const row = await db.selectFrom("user").select("id").where("email", "=", email.toLowerCase()).executeTakeFirst();
      return row?.id;
    },
    async choose(token, tenant) {
      await db.updateTable("session").set({ tenant }).where("token", "=", token).execute();
    },
    async endSessions(person) {
      await db.deleteFrom("session").where("userId", "=", person).execute();
    },
    signIn(root) {
      const known = libraries.get(root);
      if (known) return known;
      const { sessionDays } = settings;
      const made = Promise.all([import("./sign-in-library.ts"), cookieSecret()]).then(([{ signInLibrary }, secret]) =>
        signInLibrary(root, { database, members, secret, sessionDays, mayJoin, log }),
      );
      libraries.set(root, made);
      // The key may come back: a failure is not kept.
      made.catch(() => libraries.get(root) === made && libraries.delete(root));
      // The gateway's own addresses are few, but they change in the life of a laptop.
      const [oldest] = libraries.keys();
      if (libraries.size > MOST_ROOTS && oldest !== undefined) libraries.delete(oldest);
      return made;
    },
    ...(backup && { backup: (path) => backup(identityBackupOf(path)) }),
    close: () => database.close(),
  };
}

const MOST_ROOTS = 16;
