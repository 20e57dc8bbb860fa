/** A2UI v0.9: `a2ui-v0.9.bundle.js`. */
import { basicCatalog, Context } from "@a2ui/lit/v0_9";
import { MessageProcessor } from "@a2ui/web_core/v0_9";
import { html } from "lit";
import { defineHost, MARKDOWN } from "./host.ts";

type Messages = Parameters<InstanceType<typeof MessageProcessor>["processMessages"]>[0];

const VERSION = {
  name: "v0.9",
  says: ["createSurface", "updateComponents", "updateDataModel", "deleteSurface"],
} as const;

defineHost(VERSION, [[Context.markdown, MARKDOWN]], (pressed) => {
  const start = () => new MessageProcessor([basicCatalog], pressed);
  let processor = start();
  return {
    apply: (messages) => processor.processMessages(messages as Messages),
    clear() {
      processor = start();
    },
    surfaces: () => [...processor.model.surfacesMap.keys()],
    draw: (surface) => html`<a2ui-surface .surface=${processor.model.surfacesMap.get(surface)}></a2ui-surface>`,
  };
});
