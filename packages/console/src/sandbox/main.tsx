import "../shared/base.css";
import "./styles/layout.css";
import "./styles/trace.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { SandboxApp } from "./sandbox-app.ts";
import { SandboxView } from "./views/sandbox-view.tsx";

const app = new SandboxApp();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <SandboxView app={app} />
    </StrictMode>,
  );
}
