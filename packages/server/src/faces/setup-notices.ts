/** Tells chats of devices: the one that asked for a setup code, and where an account's owners decide who is let in. */
import {
  approvalNotice,
  approvalsTarget,
  chatNotice,
  type DeviceEvent,
  type Devices,
  type Engine,
  type Log,
  type Notice,
  NoticePace,
  noticeKey,
} from "@switchboard/core";
import { type AccountRef, type Target, toErrorRecord } from "@switchboard/domain";

/** Returns how to stop. */
export function notifyChats(devices: Devices, engine: Engine, log: Log): () => void {
  const pace = new NoticePace();
  const buttonsOf = (ref: AccountRef) => engine.accounts.get(ref)?.channel.capabilities.controls.buttons ?? 0;
  const post = (ref: AccountRef, notice: Notice & { target: Target; key: string }) => {
    engine.post(ref, notice).catch((error: unknown) => {
      const { account, channel } = ref;
      log.warn({ channel, account, error: toErrorRecord(error) }, "a chat could not be told of a device");
    });
  };
  const tellOwners = (event: Extract<DeviceEvent, { type: "requested" }>) => {
    const { request, tenant } = event;
    if (!pace.take(tenant, request.device, engine.clock.now())) return;
    for (const account of engine.accounts.list(tenant)) {
      const target = account.row.enabled ? approvalsTarget(account) : undefined;
      if (!target) continue;
      const { account: id, channel } = account.ref;
      const key = `${noticeKey(event)} approvals ${channel} ${id}`;
      post(account.ref, { ...approvalNotice(request, buttonsOf(account.ref)), target, key });
    }
  };
  return devices.listen((event) => {
    const { tenant } = event;
    const notice = chatNotice(event, ({ account, channel }) => buttonsOf({ tenant, channel, account }));
    if (notice) {
      const { chat, ...what } = notice;
      const { account, channel, target } = chat;
      post({ tenant, channel, account }, { ...what, target, key: noticeKey(event) });
    }
    if (event.type === "requested") tellOwners(event);
  });
}
