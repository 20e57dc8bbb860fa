/** Where master keys come from: the environment, a file, the system's own store (CRED-1). */
import type { MasterKey } from "../vault/master-key.ts";

export interface KeyProvider {
  readonly kind: "environment" | "file" | "system";
  /** Which variable, file or entry, for people. */
  readonly place: string;
  /** The first seals, all open; none when there is none yet. @throws when nobody can tell. */
  read(): Promise<readonly MasterKey[]>;
  /** Keeps these and no others, whole or not at all; absent where somebody else keeps them. */
  write?(keys: readonly MasterKey[]): Promise<void>;
}
