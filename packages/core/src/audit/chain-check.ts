/** Goes along a chain of the audit log, row by row, and tells the first thing that is wrong. */
import { type AuditAnchor, auditHash, type ChainedRow, FIRST_PREVIOUS } from "../ports/index.ts";

/**
 * `missing`: rows are not there; at the position where what is left begins: they were deleted before their time. `moved`: a row stands where another belongs. `changed`: its hash is not that of what it
 * says. `unlinked`: it was chained to another row. `cut`: the log ends before its head. `seal`: the log is not what was
 * sealed or written down elsewhere; or its seal is not genuine.
 */
export type AuditProblem = "missing" | "moved" | "changed" | "unlinked" | "cut" | "seal";

/** The first row that is wrong, or the one that should be there. */
export interface AuditBreak {
  readonly position: number;
  readonly problem: AuditProblem;
}

export const CHAIN_START: AuditAnchor = { position: 0, hash: FIRST_PREVIOUS };

/** Whether a head that was noted elsewhere lies before what is left: nothing can be said about it any more. */
export function isGone(noted: AuditAnchor, begin: AuditAnchor): boolean {
  return noted.position < begin.position;
}

export class ChainCheck {
  readonly #tenant: string;
  readonly #head: AuditAnchor;
  /** By position. */
  readonly #anchors: ReadonlyMap<number, string>;
  #last: AuditAnchor;
  #rows = 0;
  #broken: AuditBreak | undefined;

  /** `begin`: what the first row follows. `anchors`: what is known of the chain otherwise: seals, and notes kept elsewhere. */
  constructor(tenant: string, begin: AuditAnchor, head: AuditAnchor, anchors: readonly AuditAnchor[] = []) {
    this.#tenant = tenant;
    this.#head = head;
    this.#last = begin;
    this.#anchors = new Map([...anchors, head].map(({ hash, position }) => [position, hash]));
    const contrary = [...anchors, head].find(({ hash, position }) => this.#anchors.get(position) !== hash);
    const beyond = anchors.find(({ position }) => position > head.position);
    if (begin.position > head.position) this.#broken = { position: head.position + 1, problem: "cut" };
    else if (beyond) this.#broken = { position: head.position + 1, problem: "cut" };
    else if (contrary) this.#broken = { position: contrary.position, problem: "seal" };
    else if ((this.#anchors.get(begin.position) ?? begin.hash) !== begin.hash) {
      this.#broken = { position: begin.position, problem: "seal" };
    }
  }

  /** The last row that was looked at, or what comes before the first. */
  get last(): AuditAnchor {
    return this.#last;
  }

  get rows(): number {
    return this.#rows;
  }

  get broken(): AuditBreak | undefined {
    return this.#broken;
  }

  /** Rows in the order they stand in. Those that come after the head are younger than the question. */
  add(row: ChainedRow): void {
    if (this.#broken || row.position > this.#head.position) return;
    const position = this.#last.position + 1;
    const problem = this.#problemOf(row, position);
    this.#rows += 1;
    if (problem) this.#broken = { position: problem === "missing" ? position : row.position, problem };
    this.#last = { position: row.position, hash: row.hash };
  }

  /** After the last row. */
  end(): AuditBreak | undefined {
    if (!this.#broken && this.#last.position < this.#head.position) {
      this.#broken = { position: this.#last.position + 1, problem: "cut" };
    }
    return this.#broken;
  }

  #problemOf(row: ChainedRow, position: number): AuditProblem | undefined {
    if (row.position > position) return "missing";
    if (row.position < position) return "moved";
    if (row.tenant !== this.#tenant || auditHash(row) !== row.hash) return "changed";
    if (row.previous !== this.#last.hash) return "unlinked";
    return (this.#anchors.get(position) ?? row.hash) === row.hash ? undefined : "seal";
  }
}
