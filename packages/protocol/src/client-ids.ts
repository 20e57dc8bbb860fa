/** Ids that clients are known by. Others are accepted: the id is a claim and grants nothing by itself. */
export const CLIENT_IDS = {
  webchat: "webchat-ui",
  controlUi: "openclaw-control-ui",
  copilot: "openclaw-browser-copilot",
  tui: "openclaw-tui",
  legacyWebchat: "webchat",
  cli: "cli",
  backend: "gateway-client",
  nodeHost: "node-host",
  probe: "openclaw-probe",
  test: "test",
} as const;
