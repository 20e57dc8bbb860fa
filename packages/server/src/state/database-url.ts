/** Which database the gateway works on. */
import type { Config } from "@switchboard/protocol";

/** A PostgreSQL database's address; `undefined`: the embedded one in the state directory. It holds a password. */
export function databaseUrl(env: NodeJS.ProcessEnv, settings: Pick<Config["database"], "url">): string | undefined {
  return env.DATABASE_URL || settings.url || undefined;
}
