/** Reads what an agent says over its line. None of it is trusted. */
import { matches, problemsOf } from "@switchboard/domain";
import { AGENT_FRAMES, type AgentFrame } from "@switchboard/protocol";
import { decodeJson } from "../http/decode.ts";

export type ReadFrame =
  | { readonly frame: AgentFrame; readonly problem?: never }
  /** `run`: the one that it names. */
  | { readonly problem: string; readonly run: string | undefined };

export function readAgentFrame(bytes: Buffer, maxDepth: number): ReadFrame {
  const decoded = decodeJson(bytes, maxDepth);
  if (!decoded.ok) return { problem: `The frame is ${decoded.reason}.`, run: undefined };
  const said = decoded.value as { readonly type?: unknown; readonly run?: unknown } | null;
  const run = typeof said?.run === "string" ? said.run : undefined;
  const type = typeof said?.type === "string" ? said.type : "";
  if (!isFrameType(type)) return { problem: `A frame's type is one of ${Object.keys(AGENT_FRAMES).join(", ")}.`, run };
  const schema = AGENT_FRAMES[type];
  if (matches(schema, said)) return { frame: said as AgentFrame };
  return { problem: `${type}: ${problemsOf(schema, said).join("; ")}`, run };
}

function isFrameType(type: string): type is keyof typeof AGENT_FRAMES {
  return Object.hasOwn(AGENT_FRAMES, type);
}
