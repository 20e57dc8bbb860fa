/** The few parts this page is made of. Texts are set as text, never as HTML. */

export function element<K extends keyof HTMLElementTagNameMap>(name: K, text: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

export function field(label: string, type: string, autocomplete: AutoFill): HTMLInputElement {
  const input = document.createElement("input");
  input.type = type;
  input.autocomplete = autocomplete;
  input.required = true;
  input.setAttribute("aria-label", label);
  if (autocomplete === "new-password") input.minLength = 10;
  return input;
}

/** What goes wrong is said below the fields. */
export function form(title: string, fields: readonly HTMLInputElement[], submit: () => Promise<void>): HTMLFormElement {
  const made = document.createElement("form");
  for (const input of fields) {
    const label = element("label", input.ariaLabel ?? "");
    label.append(input);
    made.append(label);
  }
  const send = element("button", title);
  send.type = "submit";
  made.append(send);
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    send.disabled = true;
    submit()
      .catch((error: unknown) => say(made, (error as Error).message))
      .finally(() => {
        send.disabled = false;
      });
  });
  return made;
}

export function button(title: string, press: () => unknown): HTMLButtonElement {
  const made = element("button", title);
  made.type = "button";
  made.className = "plain";
  made.addEventListener("click", async () => {
    try {
      await press();
    } catch (error) {
      say(made.parentElement ?? made, (error as Error).message);
    }
  });
  return made;
}

export function say(where: HTMLElement, text: string): void {
  where.querySelector("[role=status]")?.remove();
  const line = element("p", text);
  line.role = "status";
  where.append(line);
}
