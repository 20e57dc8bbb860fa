/** How the components of v0.8 look: they take classes and styles from a theme, and demand an entry for everything. */
import type { v0_8 } from "@a2ui/lit";

type Theme = v0_8.Types.Theme;

const NONE: Record<string, boolean> = {};
/** Browsers give these margins of their own; the gaps between components are the columns' and rows'. */
const TIGHT = ["layout-m-0"];
const field = { container: NONE, element: NONE, label: NONE };

const FIELD = { display: "grid", gap: "4px", color: "var(--sb-ink)" };
const RAISED = { background: "var(--sb-raised)", border: "1px solid var(--sb-line)", borderRadius: "12px" };

export const THEME: Theme = {
  components: {
    AudioPlayer: NONE,
    Button: NONE,
    Card: NONE,
    CheckBox: field,
    Column: NONE,
    DateTimeInput: field,
    Divider: NONE,
    Icon: NONE,
    Image: {
      all: NONE,
      avatar: NONE,
      header: NONE,
      icon: NONE,
      largeFeature: NONE,
      mediumFeature: NONE,
      smallFeature: NONE,
    },
    List: NONE,
    Modal: { backdrop: NONE, element: NONE },
    MultipleChoice: field,
    Row: NONE,
    Slider: field,
    Tabs: { container: NONE, element: NONE, controls: { all: NONE, selected: { "typography-w-600": true } } },
    Text: { all: NONE, body: NONE, caption: NONE, h1: NONE, h2: NONE, h3: NONE, h4: NONE, h5: NONE },
    TextField: field,
    Video: NONE,
  },
  elements: {
    a: NONE,
    audio: NONE,
    body: NONE,
    button: NONE,
    h1: NONE,
    h2: NONE,
    h3: NONE,
    h4: NONE,
    h5: NONE,
    iframe: NONE,
    input: NONE,
    p: NONE,
    pre: NONE,
    textarea: NONE,
    video: NONE,
  },
  markdown: {
    a: [],
    em: [],
    h1: TIGHT,
    h2: TIGHT,
    h3: TIGHT,
    h4: TIGHT,
    h5: TIGHT,
    li: [],
    ol: TIGHT,
    p: TIGHT,
    strong: [],
    ul: TIGHT,
  },
  additionalStyles: {
    Button: {
      padding: "8px 16px",
      border: "0",
      borderRadius: "8px",
      background: "var(--sb-accent)",
      color: "var(--sb-on-accent)",
      font: "inherit",
      fontWeight: "600",
      cursor: "pointer",
    },
    Card: { ...RAISED, padding: "16px", boxSizing: "border-box" },
    CheckBox: FIELD,
    Column: { gap: "12px" },
    DateTimeInput: FIELD,
    Divider: { border: "0", borderTop: "1px solid var(--sb-line)", width: "100%" },
    Image: { borderRadius: "8px", overflow: "hidden" },
    List: { gap: "12px" },
    Modal: { ...RAISED, padding: "16px", color: "var(--sb-ink)", width: "min(520px, calc(100vw - 48px))" },
    Row: { gap: "12px" },
    Slider: FIELD,
    Text: {
      body: {},
      caption: { color: "var(--sb-muted)", fontSize: "13px" },
      h1: heading("26px"),
      h2: heading("21px"),
      h3: heading("18px"),
      h4: heading("16px"),
      h5: heading("15px"),
    },
    TextField: FIELD,
  },
};

/** The component's own headings inherit all of their font. */
function heading(fontSize: string) {
  return { fontSize, fontWeight: "650", lineHeight: "1.3" };
}
