import "../shared/base.css";
import "./styles/layout.css";
import "./styles/sessions.css";
import "./styles/timeline.css";
import "./styles/markdown.css";
import "./styles/message.css";
import "./styles/composer.css";
import "./styles/gate.css";
import { type ReactNode, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { takeToken } from "./state/address.ts";
import { ChatApp } from "./state/chat-app.ts";
import { AppContext } from "./views/app-context.ts";
import { Gate } from "./views/gate.tsx";
import { Refused } from "./views/refused.tsx";

// Before anything else: the token must not stay in the address bar for longer than it takes to read it.
const token = takeToken(location, history);
const root = document.getElementById("root");
if (root) createRoot(root).render(<StrictMode>{content()}</StrictMode>);

function content(): ReactNode {
  try {
    return (
      <AppContext value={new ChatApp(window)}>
        <Gate token={token} />
      </AppContext>
    );
  } catch (error) {
    // Plain HTTP from a public host: whatever the page sent would be anybody's.
    return <Refused error={error} />;
  }
}
