/** A2UI v0.8: `a2ui.bundle.js`. */
import { v0_8 } from "@a2ui/lit";
import { Context, type Surface } from "@a2ui/lit/ui";
import { html } from "lit";
import { defineHost, MARKDOWN, type Pressed } from "./host.ts";
import { THEME } from "./theme.ts";

type Messages = Parameters<v0_8.A2uiMessageProcessor["processMessages"]>[0];
type Detail = HTMLElementEventMap["a2uiaction"]["detail"];

defineHost(
  { name: "v0.8", says: ["beginRendering", "surfaceUpdate", "dataModelUpdate", "deleteSurface"] },
  [
    [Context.theme, THEME],
    [Context.markdown, MARKDOWN],
  ],
  (pressed) => {
    const processor = v0_8.Data.createSignalA2uiMessageProcessor();
    const onAction = (event: CustomEvent<Detail>) => {
      const { surfaceId } = event.currentTarget as Surface;
      const what = pressedIn(event.detail, surfaceId ?? "main");
      if (what) pressed(what);
    };

    /** A component names what to send along: a value, or where in the data it is. */
    function pressedIn(detail: Detail, surfaceId: string): Pressed | undefined {
      if (detail.eventType !== "a2ui.action") return undefined;
      const { action, sourceComponent, sourceComponentId } = detail;
      const given = (action.context ?? []).map(({ key, value }) => {
        const { literalBoolean, literalNumber, literalString, path } = value;
        const literal = literalString ?? literalNumber ?? literalBoolean ?? null;
        return [key, path && sourceComponent ? processor.getData(sourceComponent, path, surfaceId) : literal] as const;
      });
      return { name: action.name, surfaceId, sourceComponentId, context: Object.fromEntries(given) };
    }

    return {
      apply: (messages) => processor.processMessages(messages as Messages),
      clear: () => processor.clearSurfaces(),
      surfaces: () => [...processor.getSurfaces().keys()],
      draw: (surface) => html`<a2ui-surface
        .surfaceId=${surface}
        .surface=${processor.getSurfaces().get(surface)}
        .processor=${processor}
        @a2uiaction=${onAction}
      ></a2ui-surface>`,
    };
  },
);
