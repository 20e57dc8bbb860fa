/** Tells chats of devices: the one that asked for a setup code, and where an account's owners decide who is let in. */
import {
  approvalNotice,
  approvalsTarget,
  chatNotice,
  type Devices,
  type Engine,
  type Log,
  noticeKey,
} from "@switchboard/core";
import { type AccountRef, type OutboundContent, type Target, toErrorRecord } from "@switchboard/domain";

/** Returns how to stop. */
export function notifyChats(devices: Devices, engine: Engine, log: Log): () => void {
  const post = (ref: AccountRef, notice: { target: Target; content: OutboundContent; key: string }) => {
    engine.post(ref, notice).catch((error: unknown) => {
      const { account, channel } = ref;
      log.warn({ channel, account, error: toErrorRecord(error) }, "a chat could not be told of a device");
    });
  };
  return devices.listen((event) => {
    const notice = chatNotice(event);
    const key = noticeKey(event);
    if (notice) {
      const { account, channel, target } = notice.chat;
      post({ tenant: event.tenant, channel, account }, { target, content: notice.content, key });
    }
    const content = approvalNotice(event);
    if (!content) return;
    for (const account of engine.accounts.list(event.tenant)) {
      const target = approvalsTarget(account);
      if (target) {
        const { account: id, channel } = account.ref;
        post(account.ref, { target, content, key: `${key} approvals ${channel} ${id}` });
      }
    }
  });
}
