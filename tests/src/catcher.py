# A real SMTP server for tests: says its port, then each mail that it took, one JSON a line.
import email, json, sys
from email.policy import default
from aiosmtpd.controller import Controller

class Catch:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=default)
        told = {"to": envelope.rcpt_tos, "subject": mail["Subject"], "id": mail["Message-ID"],
                "from": mail["From"], "text": mail.get_content()}
        print(json.dumps(told), flush=True)
        return "250 taken"

class Anywhere(Controller):
    # Port 0 is a free one: who asks whether the server answers must ask at the one it took.
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

controller = Anywhere(Catch(), hostname="127.0.0.1", port=0)
controller.start()
print(controller.port, flush=True)
sys.stdin.read()
