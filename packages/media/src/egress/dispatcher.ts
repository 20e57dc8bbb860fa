/** Connections that are checked when they are made: a name is looked up once, and only to what was checked is connected. */
import type { LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { SwitchboardError } from "@switchboard/domain/errors";
import type { Agent } from "undici";
import { type Address, readAddress } from "./address.ts";
import type { AllowList } from "./allow-list.ts";

/** All addresses of a name. */
export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

export interface DispatcherOptions {
  readonly allow: AllowList;
  readonly lookup: Lookup;
  readonly connectMs: number;
  readonly headersMs: number;
  readonly headerBytes: number;
}

/** Takes no proxy from the environment. Whoever makes it destroys it. */
export async function guardedDispatcher(options: DispatcherOptions): Promise<Agent> {
  // Loaded with the first address that is fetched.
  const { Agent, buildConnector } = await import("undici");
  const { allow, connectMs, headerBytes, headersMs } = options;
  const connect = buildConnector({ lookup: guardedLookup(options), timeout: connectMs, maxCachedSessions: 0 });
  return new Agent({
    connections: 1,
    pipelining: 1,
    maxHeaderSize: headerBytes,
    headersTimeout: headersMs,
    // Silence in the body is watched by the reader of the stream.
    bodyTimeout: 0,
    connect(target, callback) {
      // An address in place of a name is not looked up.
      const literal = readAddress(target.hostname);
      if (literal && !allow.permits(literal, target.hostname)) return callback(refused(target.hostname), null);
      connect(target, (...[error, socket]) => {
        if (error) return callback(error, null);
        const { remoteAddress } = socket;
        if (!remoteAddress || !permits(allow, remoteAddress, target.hostname)) {
          socket.destroy();
          return callback(refused(target.hostname, remoteAddress), null);
        }
        callback(null, socket);
      });
    },
  });
}

/** Answers with the allowed addresses of a name only; the socket connects to one of these and asks nobody again. */
function guardedLookup({ allow, lookup }: DispatcherOptions): LookupFunction {
  return (host, { all }, callback) => {
    lookup(host).then(
      (found) => {
        const allowed = found.filter(({ address }) => permits(allow, address, host));
        const [first] = allowed;
        if (!first) return callback(refused(host, found[0]?.address), "", 4);
        if (all) callback(null, [...allowed]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 4),
    );
  };
}

function permits(allow: AllowList, text: string, host: string): boolean {
  const address: Address | undefined = readAddress(text);
  return address !== undefined && allow.permits(address, host);
}

/** Does not tell the address a name stands for: whoever asked need not learn how the network inside looks. */
function refused(host: string, address?: string): SwitchboardError {
  const where = address === undefined ? "is" : "stands for";
  return new SwitchboardError("SEC_007", `${host} ${where} an address that is not public; it is not fetched.`);
}
