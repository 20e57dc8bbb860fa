/** Tells the chats that asked for a setup code what becomes of it. */
import { chatNotice, type Devices, type Engine, type Log, noticeKey } from "@switchboard/core";
import { toErrorRecord } from "@switchboard/domain";

/** Returns how to stop. */
export function notifyChats(devices: Devices, engine: Engine, log: Log): () => void {
  return devices.listen((event) => {
    const notice = chatNotice(event);
    if (!notice) return;
    const { account, channel, target } = notice.chat;
    engine
      .post({ tenant: event.tenant, channel, account }, { target, content: notice.content, key: noticeKey(event) })
      .catch((error: unknown) =>
        log.warn({ channel, account, error: toErrorRecord(error) }, "a chat could not be told of a device"),
      );
  });
}
