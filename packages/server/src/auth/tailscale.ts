/**
 * Who a visitor is, by Tailscale: its proxy on this machine names them in headers, which any program here could write.
 * So the daemon is asked who has that address, and has to say the same (CVE-2026-32045).
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ConnectErrorCode } from "@switchboard/protocol";
import type { Peer } from "../callers/peer.ts";

/** The login that the daemon knows an address by; `undefined` for none. Rejects when it cannot be asked. */
export type Whois = (address: string) => Promise<string | undefined>;

export type TailscaleVerdict =
  | { readonly ok: true; readonly user: string }
  | { readonly ok: false; readonly code: ConnectErrorCode; readonly reason: string };

const TIMEOUT_MS = 5_000;
const run = promisify(execFile);

export async function tailscaleUser(peer: Peer, whois: Whois): Promise<TailscaleVerdict> {
  const claimed = peer.tailscale?.login ?? "";
  if (claimed === "") return refused("AUTH_TAILSCALE_IDENTITY_MISSING", "tailscale_user_missing");
  try {
    const login = await whois(peer.ip);
    if (login === undefined) return refused("AUTH_TAILSCALE_WHOIS_FAILED", "tailscale_whois_failed");
    return login === claimed
      ? { ok: true, user: login }
      : refused("AUTH_TAILSCALE_IDENTITY_MISMATCH", "tailscale_user_mismatch");
  } catch {
    return refused("AUTH_TAILSCALE_WHOIS_FAILED", "tailscale_whois_failed");
  }
}

/** Asks the `tailscale` command of this machine. */
export function tailscaleCommand(command = "tailscale"): Whois {
  return async (address) => {
    const { stdout } = await run(command, ["whois", "--json", address], {
      timeout: TIMEOUT_MS,
      maxBuffer: 1024 * 1024,
    });
    const answer = JSON.parse(stdout) as { UserProfile?: { LoginName?: unknown } };
    const login = answer.UserProfile?.LoginName;
    return typeof login === "string" && login !== "" ? login : undefined;
  };
}

/**
 * The name under which this machine has a certificate in its Tailscale network, by the `tailscale` command; `undefined`
 * when there is none, or the daemon does not run or answer. `env`: where the command is looked for.
 */
export async function tailscaleName(env: NodeJS.ProcessEnv, command = "tailscale"): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, ["status", "--json", "--peers=false"], {
      timeout: TIMEOUT_MS,
      maxBuffer: 1024 * 1024,
      env,
    });
    const { BackendState, CertDomains, Self } = JSON.parse(stdout) as Status;
    const name = typeof Self?.DNSName === "string" ? Self.DNSName.replace(/\.$/, "").toLowerCase() : "";
    const served = BackendState === "Running" && Array.isArray(CertDomains) && CertDomains.includes(name);
    return served && name !== "" ? name : undefined;
  } catch {
    return undefined;
  }
}

/** What the daemon says of itself, as far as it is read here; none of it is relied upon to be there. */
interface Status {
  readonly BackendState?: unknown;
  readonly CertDomains?: unknown;
  readonly Self?: { readonly DNSName?: unknown } | null;
}

function refused(code: ConnectErrorCode, reason: string): TailscaleVerdict {
  return { ok: false, code, reason };
}
