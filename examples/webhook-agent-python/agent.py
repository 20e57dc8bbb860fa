"""An agent behind an address, with Python's standard library only: checks who asks, answers each question once.

Set AGENT_SECRET to the gateway's signingSecret. It repeats what it is told; "later ..." it answers later.
"""

import base64
import hashlib
import hmac
import json
import os
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["AGENT_SECRET"]
KEY = base64.b64decode(SECRET.removeprefix("whsec_"))
# How far the gateway's clock and ours may differ, in seconds.
TOLERANCE = 300
MOST_BYTES = 32 * 1024 * 1024
# Ids that were asked already. A real agent keeps them, with its answers, where they survive a restart.
KNOWN = {}
LOCK = threading.Lock()


def is_genuine(headers, body):
    """Signed with our secret (https://www.standardwebhooks.com), and not long ago."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(each, f"v1,{expected}") for each in given)


def think(text):
    """The answer. Here a model would be asked."""
    return {"text": f"You said: {text}"}


def bring(answer, reply):
    """Brings an answer later. 425 is: the gateway did not hear our 202 yet."""
    headers = {"authorization": f"Bearer {reply['token']}", "content-type": "application/json"}
    for _ in range(10):
        request = urllib.request.Request(reply["url"], json.dumps(answer).encode(), headers, method="POST")
        try:
            urllib.request.urlopen(request, timeout=10).close()
            return
        except urllib.error.HTTPError as error:
            if error.code != 425 and error.code < 500:
                return
        except OSError:
            pass
        time.sleep(1)


class Agent(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if length > MOST_BYTES:
            return self.say(413)
        body = self.rfile.read(length)
        if not is_genuine(self.headers, body):
            return self.say(401)
        turn = json.loads(body)["data"]
        text = "\n".join(message["text"] for message in turn["messages"])
        # The gateway asks again under the same id when it did not hear the answer: think once.
        with LOCK:
            first = self.headers["webhook-id"] not in KNOWN
            answer = KNOWN.setdefault(self.headers["webhook-id"], think(text))
        if text.startswith("later ") and "reply" in turn:
            if first:
                threading.Thread(target=bring, args=(answer, turn["reply"]), daemon=True).start()
            return self.say(202)
        return self.say(200, answer)

    def say(self, status, answer=None):
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        if answer is not None:
            self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Requests are not logged: they hold what people write."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Agent)
    print(f"listening on {server.server_port}", flush=True)
    server.serve_forever()
