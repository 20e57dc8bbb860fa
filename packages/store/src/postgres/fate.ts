/** What became of a transaction whose COMMIT was never answered. The server knows it by the transaction's number. */
import { SwitchboardError } from "@switchboard/domain/errors";
import { connect } from "./connection.ts";
import { isAway } from "./errors.ts";

/** How long to go on asking, in milliseconds: a server that crashed needs a while to stand up. */
const PATIENCE_MS = 60_000;
const PAUSE_MS = 100;

export class Fate {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws STORE_001 when the server does not come back: then nobody knows. */
  async isCommitted(number: string): Promise<boolean> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const status = await this.#ask(number).catch((error) => {
        if (!isAway(error instanceof SwitchboardError ? error.cause : error)) throw error;
        return undefined;
      });
      if (status === "committed") return true;
      if (status === "aborted") return false;
      if (performance.now() > until) {
        throw new SwitchboardError("STORE_001", "The server went away within a commit and did not come back to tell.");
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  async #ask(number: string): Promise<string | undefined> {
    const { client } = await connect(this.#url, "switchboard fate");
    try {
      const { rows } = await client.query("SELECT pg_xact_status($1::text::xid8) AS status", [number]);
      return rows[0]?.status ?? undefined;
    } finally {
      await client.end().catch(() => {});
    }
  }
}
