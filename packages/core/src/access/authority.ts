/**
 * Who may do what on one account. The four authorities are looked up separately, and none implies another (ACC-4):
 * a person allowed to chat is no owner, an owner of commands is not heard in a group that was never allowed.
 */
import type { AccountSettings } from "@switchboard/protocol";
import type { Authority, Grant } from "../ports/index.ts";

/** The peers and groups that hold each authority, from settings and grants together. */
export class Authorities {
  readonly #held: Record<Authority, ReadonlySet<string>>;

  constructor(settings: AccountSettings, grants: readonly Grant[]) {
    const granted = (authority: Authority) =>
      grants.filter((grant) => grant.authority === authority).map(({ subject }) => subject);
    this.#held = {
      // Approvals count while people may ask for them: a closed list is what it says.
      dm: new Set([...settings.allowFrom, ...(settings.dmPolicy === "pairing" ? granted("dm") : [])]),
      group: new Set([...settings.groups, ...granted("group")]),
      command: new Set([...settings.owners, ...granted("command")]),
      admin: new Set(granted("admin")),
    };
  }

  /** A wildcard never grants anything: openness is a policy, not an entry (CVE-2026-44991). */
  holds(authority: Authority, subject: string | undefined): boolean {
    return subject !== undefined && subject !== "*" && this.#held[authority].has(subject);
  }

  /** Everybody who holds it. */
  holders(authority: Authority): readonly string[] {
    return [...this.#held[authority]].filter((subject) => this.holds(authority, subject));
  }
}
