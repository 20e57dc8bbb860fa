/** The tables that lists are made of, for queries that are put together by what is asked; they are run elsewhere. */
import type { ChainedRow } from "@switchboard/core/ports";
import type { InboxId } from "@switchboard/domain";
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { DeliveryRow } from "../rows/delivery-row.ts";
import type { StoredInboxRow } from "../rows/inbox-row.ts";
import type { SessionRow } from "../rows/session-row.ts";
import type { TurnRow } from "../rows/turn-row.ts";
import type { DeadLetterRow } from "./dead-letters.ts";

export interface Tables {
  readonly inbox: StoredInboxRow;
  readonly turns: TurnRow;
  readonly turn_inputs: { readonly tenant: string; readonly turn: number; readonly event: InboxId | null };
  readonly deliveries: DeliveryRow;
  readonly dead_letters: DeadLetterRow;
  readonly sessions: SessionRow;
  readonly audit: ChainedRow;
}

export const tables = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});
