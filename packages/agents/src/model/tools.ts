/** Offers the gateway's tools to the provider library. */
import type { AgentTool } from "@switchboard/core/ports";
import { type Json, problemsOf } from "@switchboard/domain";
import { dynamicTool, jsonSchema, type ToolSet } from "ai";
import type { Watch } from "./watch.ts";

/** A longer result is cut, and the model is told: it has to fit into the window with everything else. */
const LONGEST_RESULT = 50_000;

export function toolSet(tools: readonly AgentTool[], watch: Watch): ToolSet {
  return Object.fromEntries(tools.map((tool) => [tool.name, offered(tool, watch)]));
}

function offered(tool: AgentTool, watch: Watch) {
  return dynamicTool({
    description: tool.description,
    inputSchema: jsonSchema(plain(tool.parameters), {
      validate: (value) => {
        const problems = problemsOf(tool.parameters, value);
        if (problems.length === 0) return { success: true, value };
        return { success: false, error: new Error(`the input does not fit: ${problems.join("; ")}`) };
      },
    }),
    execute: async (input) => {
      try {
        const output = await watch.orEnd(watch.during(() => tool.run(input, watch.signal)));
        return fitted(output ?? null);
      } catch (thrown) {
        // Its name would only confuse the model.
        throw new Error(thrown instanceof Error ? thrown.message : String(thrown));
      }
    },
  });
}

/** The schema as providers get it: JSON and nothing else. */
function plain(schema: unknown): Parameters<typeof jsonSchema>[0] {
  return JSON.parse(JSON.stringify(schema));
}

function fitted(output: Json): Json {
  const text = typeof output === "string" ? output : JSON.stringify(output);
  if (text.length <= LONGEST_RESULT) return output;
  return `${text.slice(0, LONGEST_RESULT).toWellFormed()}\n[cut here: the result has ${text.length} characters]`;
}
