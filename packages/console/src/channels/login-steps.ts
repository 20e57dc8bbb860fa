/** The steps of a login, as they come: a picture to scan, a code to type, a page to open. */
import { button, element, field, form, say } from "../shared/elements.ts";
import { ask, hasEnded, type Login, listen } from "./api.ts";

/** Shows a login in a panel until it ends, and a little longer. `over`: the accounts may have changed. */
export function loginSteps(label: string, login: Login, over: () => void): HTMLElement {
  const panel = document.createElement("div");
  panel.className = "steps";
  const show = (present: Login) => {
    panel.replaceChildren(...parts(label, present, panel));
    if (hasEnded(present)) over();
    else panel.querySelector<HTMLElement>("input, a")?.focus();
  };
  show(login);
  if (!hasEnded(login)) listen(login, show, () => say(panel, "The login is over. Begin again."));
  return panel;
}

function parts(label: string, login: Login, panel: HTMLElement): Node[] {
  const at = `/channels/${login.channel}/login/${login.id}`;
  const line = element("p", login.text);
  line.setAttribute("aria-live", "polite");
  if (hasEnded(login)) {
    const close = button("Close", () => panel.remove());
    return [line, ...(login.error ? [element("p", login.error.action)] : []), close];
  }
  const shown: Node[] = [line];
  if (login.qr) {
    const picture = document.createElement("img");
    picture.src = login.qr.image;
    picture.alt = `QR code that connects ${label}`;
    shown.push(picture);
  }
  if (login.url !== undefined) {
    const link = element("a", `Open ${label}`);
    link.href = login.url;
    link.target = "_blank";
    link.rel = "noreferrer";
    link.className = "press";
    shown.push(link);
  }
  if (login.state === "code") {
    const code = field("Code", "text", "one-time-code");
    shown.push(form("Send the code", [code], async () => void (await ask("POST", `${at}/code`, { code: code.value }))));
  }
  return [...shown, button("Cancel", () => ask("DELETE", at))];
}
