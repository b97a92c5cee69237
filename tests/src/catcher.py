# A real SMTP server for tests: says its port, then each mail that it took, one JSON a line.
import email, json, socket, sys
from email.policy import default
try:
    from aiosmtpd.controller import Controller
except ImportError:
    print("absent", flush=True)
    sys.exit()

class Catch:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=default)
        told = {"to": envelope.rcpt_tos, "subject": mail["Subject"], "id": mail["Message-ID"],
                "from": mail["From"], "text": mail.get_content()}
        print(json.dumps(told), flush=True)
        return "250 taken"

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
Controller(Catch(), hostname="127.0.0.1", port=port, ready_timeout=60).start()
print(port, flush=True)
sys.stdin.read()
