"""An agent that connects to the gateway by itself, with Python's standard library only.

Set GATEWAY_URL and AGENT_KEY. It repeats what it is told; "later ..." it answers later, "slowly ..." piece by piece.
"""

import base64
import json
import os
import socket
import ssl
import struct
import threading
import time
import urllib.parse

URL = urllib.parse.urlsplit(os.environ.get("GATEWAY_URL", "http://127.0.0.1:18789"))
KEY = os.environ["AGENT_KEY"]
AGENT = os.environ.get("AGENT_ID", "main")
MOST_BYTES = 32 * 1024 * 1024
# The gateway asks for a sign of life every 25 seconds; a line that says nothing for longer is dead.
SILENCE = 90
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
# Questions that were asked already. A real agent keeps them, with its answers, where they survive a restart.
KNOWN = {}


class WebSocket:
    """As much of RFC 6455 as a client needs."""

    def __init__(self, url, headers):
        secure = url.scheme in ("https", "wss")
        self.sending = threading.Lock()
        self.socket = socket.create_connection((url.hostname, url.port or (443 if secure else 80)), timeout=SILENCE)
        if secure:
            self.socket = ssl.create_default_context().wrap_socket(self.socket, server_hostname=url.hostname)
        self.file = self.socket.makefile("rb")
        lines = [
            f"GET {url.path.rstrip('/')}/agents/connect HTTP/1.1",
            f"Host: {url.netloc}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        status = self.file.readline().decode().strip()
        while self.file.readline().strip():
            pass
        if " 101 " not in f"{status} ":
            raise OSError(status)

    def send(self, content, kind=TEXT):
        """Clients mask what they send."""
        size = len(content)
        head = bytes([0x80 | kind])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65_536:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        mask = os.urandom(4)
        pad = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(content, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")
        with self.sending:
            self.socket.sendall(head + mask + masked)

    def messages(self):
        """Texts, until the line is closed."""
        parts = b""
        while True:
            first, second = self.read(2)
            kind, size = first & 15, second & 127
            if size == 126:
                (size,) = struct.unpack(">H", self.read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", self.read(8))
            if size + len(parts) > MOST_BYTES:
                raise OSError("too large")
            content = self.read(size)
            if kind == PING:
                self.send(content, PONG)
            elif kind == CLOSE:
                raise OSError(f"closed: {int.from_bytes(content[:2], 'big')} {content[2:].decode()}")
            elif kind != PONG:
                parts += content
                if first & 0x80:
                    yield parts.decode()
                    parts = b""

    def read(self, size):
        content = self.file.read(size)
        if len(content) < size:
            raise OSError("the line is gone")
        return content

    def close(self):
        self.socket.close()


def think(text):
    """The answer. Here a model would be asked."""
    return f"You said: {text}"


class Connection:
    def __init__(self):
        self.line = WebSocket(URL, {"Authorization": f"Bearer {KEY}"})
        self.cancelled = set()
        # Answers that were announced, by their tokens.
        self.owed = {}

    def say(self, **frame):
        self.line.send(json.dumps(frame).encode())

    def run(self):
        self.say(type="ready", agent=AGENT, turns=4)
        for text in self.line.messages():
            frame = json.loads(text)
            kind = frame["type"]
            if kind == "ready":
                print(f"connected as {frame['agent']}", flush=True)
            elif kind == "turn":
                threading.Thread(target=self.answer, args=(frame["run"], frame["event"]), daemon=True).start()
            elif kind == "cancel":
                self.cancelled.add(frame["run"])
            elif kind == "problem":
                print(frame["error"]["message"], flush=True)
            elif not frame["ok"] and frame["error"]["code"] == "SYS_001":
                # Nobody waited for the answer yet, or the gateway was busy: once more.
                threading.Timer(1, self.bring, args=(frame["id"],)).start()

    def answer(self, run, event):
        turn = event["data"]
        text = "\n".join(message["text"] for message in turn["messages"])
        try:
            # The gateway asks again under the same id when it did not hear the answer: think once.
            thought = KNOWN.setdefault(event["id"], think(text))
            if text.startswith("later ") and "reply" in turn:
                token = turn["reply"]["token"]
                self.owed[token] = thought
                self.say(type="later", run=run)
                self.bring(token)
            elif text.startswith("slowly "):
                for word in thought.split(" "):
                    if run in self.cancelled:
                        return
                    self.say(type="text", run=run, delta=f"{word} ")
                    time.sleep(0.05)
                self.say(type="done", run=run, answer={})
            else:
                self.say(type="done", run=run, answer={"text": thought})
        except OSError:
            pass  # The line is gone: the gateway asks again.

    def bring(self, token):
        try:
            self.say(type="answer", id=token, token=token, answer={"text": self.owed[token]})
        except OSError:
            pass


if __name__ == "__main__":
    pause = 0.5
    while True:
        connection = None
        try:
            connection = Connection()
            pause = 0.5
            connection.run()
        except OSError as error:
            print(f"not connected: {error}", flush=True)
        finally:
            if connection:
                connection.line.close()
        time.sleep(pause)
        pause = min(30, pause * 2)
