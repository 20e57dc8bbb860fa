import { SwitchboardError } from "@switchboard/domain";

const KINDS = ["inbox", "turn", "delivery"] as const;

/** @throws REQ_001. */
export function deadLetterKind(text: string): (typeof KINDS)[number] {
  const kind = KINDS.find((each) => each === text);
  if (!kind) throw new SwitchboardError("REQ_001", `"${text}" is none of ${KINDS.join(", ")}.`);
  return kind;
}
