/** Moves an install to another database. */
import type { Moved, MoveOptions } from "@switchboard/store/move";

/** See `moveToPostgres`; what it needs is loaded now and not with the gateway. */
export async function moveInstall(options: MoveOptions): Promise<Moved> {
  const { moveToPostgres } = await import("@switchboard/store/move");
  return moveToPostgres(options);
}
