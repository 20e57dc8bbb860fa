/** What a pressed button says, and whether it is one of those where an account's owners decide who is let in. */
import type { ControlEvent, InboundEvent, Target } from "@switchboard/domain";
import { approvalsTarget, isPressedAt } from "../access/approvals.ts";
import { findCommand } from "../commands/commands.ts";
import { lexCommand } from "../commands/lexer.ts";
import { readOwnedValue } from "../commands/owned-controls.ts";
import { isControlToken } from "../outbox/control-tokens.ts";
import type { Case, DecisionPorts } from "./decision.ts";

/** The button's value as it was written; `undefined` for one that is too old. */
export async function pressedValue(
  event: ControlEvent,
  account: Case["account"],
  { store }: Pick<DecisionPorts, "store">,
): Promise<string | undefined> {
  if (!isControlToken(event.value)) return event.value;
  return store.outbox.controlValue(account.ref.tenant, event.value);
}

/**
 * Where owners decide, if the event is a press there of what they alone may do. The agent's buttons and everybody's
 * commands are as open there as the account's groups are.
 */
export async function approvalsPressed(
  event: InboundEvent,
  account: Case["account"],
  ports: Pick<DecisionPorts, "store">,
): Promise<Target | undefined> {
  const target = approvalsTarget(account);
  if (!isPressedAt(event, target)) return undefined;
  const value = await pressedValue(event, account, ports);
  const line = value === undefined ? undefined : lexCommand(readOwnedValue(value).value);
  return line && findCommand(line.name)?.ownersOnly ? target : undefined;
}
