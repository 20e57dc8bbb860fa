/** How the page looks. Components are in shadow trees of their own: what reaches them are custom properties. */
export const STYLES = `
:host {
  --sb-paper: light-dark(#f7f7f5, #16181b);
  --sb-raised: light-dark(#ffffff, #1e2125);
  --sb-ink: light-dark(#1b1d1f, #eceeef);
  --sb-muted: light-dark(#5d6368, #a3a9ae);
  --sb-line: light-dark(#d9dbd8, #363b40);
  --sb-accent: light-dark(#0b6b53, #5cc8a6);
  --sb-on-accent: light-dark(#ffffff, #08231b);
  --sb-wrong: light-dark(#a52318, #ff9d92);

  --a2ui-color-background: var(--sb-paper);
  --a2ui-color-on-background: var(--sb-ink);
  --a2ui-color-surface: var(--sb-raised);
  --a2ui-color-on-surface: var(--sb-ink);
  --a2ui-color-primary: var(--sb-accent);
  --a2ui-color-primary-hover: var(--sb-accent);
  --a2ui-color-on-primary: var(--sb-on-accent);
  --a2ui-color-secondary: var(--sb-raised);
  --a2ui-color-on-secondary: var(--sb-ink);
  --a2ui-color-input: var(--sb-raised);
  --a2ui-color-on-input: var(--sb-ink);
  --a2ui-color-border: var(--sb-line);
  --a2ui-border-radius: 8px;
  --a2ui-button-border-radius: 8px;
  --a2ui-button-margin: 0;
  --a2ui-text-color-text: var(--sb-ink);
  --a2ui-text-caption-color: var(--sb-muted);

  --md-sys-color-surface: var(--sb-raised);
  --md-sys-color-surface-container-low: var(--sb-paper);
  --md-sys-color-on-surface: var(--sb-ink);
  --md-sys-color-outline: var(--sb-muted);
  --md-sys-color-outline-variant: var(--sb-line);
  --md-sys-color-primary: var(--sb-accent);
  --md-sys-color-on-primary: var(--sb-on-accent);
  --md-sys-color-secondary-container: var(--sb-line);
  --md-sys-color-on-secondary-container: var(--sb-ink);

  position: relative;
  display: block;
  box-sizing: border-box;
  min-height: 100%;
  /* Apps keep their own controls free of the page with these. */
  padding: var(--openclaw-a2ui-inset-top, 0px) var(--openclaw-a2ui-inset-right, 0px)
    var(--openclaw-a2ui-inset-bottom, 0px) var(--openclaw-a2ui-inset-left, 0px);
  color-scheme: light dark;
  color: var(--sb-ink);
  font: 15px/1.5 system-ui, sans-serif;
}
#surfaces {
  display: grid;
  gap: 16px;
  padding-bottom: var(--openclaw-a2ui-scroll-pad-bottom, 0px);
}
p {
  margin: 0;
}
.empty {
  padding: 24px 0;
  color: var(--sb-muted);
  text-align: center;
}
.remarks {
  position: fixed;
  right: 0;
  bottom: var(--openclaw-a2ui-toast-bottom, 12px);
  left: 0;
  z-index: 5;
  display: grid;
  justify-items: center;
  gap: 6px;
  pointer-events: none;
}
.remarks p {
  max-width: calc(100vw - 48px);
  padding: 6px 12px;
  border: 1px solid var(--sb-line);
  border-radius: 8px;
  background: var(--sb-raised);
  overflow-wrap: anywhere;
}
.remarks .wrong {
  border-color: var(--sb-wrong);
  color: var(--sb-wrong);
}
`;
