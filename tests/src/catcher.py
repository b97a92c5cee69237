# A real SMTP server for tests: says its port, then each mail that it took, one JSON a line. With --page
# it also says, beside its port, the address of a page that shows them, to this machine alone. With
# --tls smtps|starttls CERTIFICATE KEY it takes nothing in clear text.
import email, html, json, re, socket, ssl, sys
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
try:
    from aiosmtpd.controller import Controller
except ImportError:
    print("absent", flush=True)
    sys.exit()

HERE = "127.0.0.1"
taken = []

class Catch:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=default)
        told = {"to": envelope.rcpt_tos, "subject": mail["Subject"], "id": mail["Message-ID"],
                "from": mail["From"], "text": mail.get_content()}
        taken.append(told)
        print(json.dumps(told), flush=True)
        return "250 taken"

PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>Boîte mail de démonstration</title><style>
:root { color-scheme: light dark } body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem }
article { border: 1px solid; border-radius: 12px; padding: 1rem; margin: 1rem 0 } h2 { font-size: 1.1rem; margin: 0 }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.5rem 0 0 }</style></head>
<body><main><h1>Boîte mail de démonstration</h1>
<p>Les mails que le serveur de cette machine a envoyés. Rien n’en sort, et tout s’efface à la fin.</p>%s</main></body></html>"""

def with_links(text):
    # The server of this machine alone: nothing else in a mail is to be followed.
    return re.sub(r"http://(127\.0\.0\.1|localhost):[0-9]+/[\w/-]+", lambda it: f'<a href="{it[0]}">{it[0]}</a>', text)

def shown(mail):
    to, subject, text = (html.escape(it) for it in (", ".join(mail["to"]), mail["subject"], mail["text"]))
    return f"<article><h2>{subject}</h2>À {to}<pre>{with_links(text)}</pre></article>"

class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        # Asked by this very name: no page of another site reads it.
        is_ours = self.headers.get("Host") == f"{HERE}:{self.server.server_port}" and self.path == "/"
        mails = "".join(map(shown, reversed(taken))) or "<p>Aucun mail pour l’instant.</p>"
        body = (PAGE % mails if is_ours else "").encode()
        self.send_response(200 if is_ours else 404)
        for name, value in (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", len(body)),
                            ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
                            ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store")):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

with socket.socket() as free:
    free.bind((HERE, 0))
    port = free.getsockname()[1]
tls = {}
if "--tls" in sys.argv:
    how, certificate, key = sys.argv[sys.argv.index("--tls") + 1:][:3]
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    tls = {"ssl_context": context} if how == "smtps" else {"tls_context": context, "require_starttls": True}
Controller(Catch(), hostname=HERE, port=port, ready_timeout=60, **tls).start()
if "--page" in sys.argv:
    page = ThreadingHTTPServer((HERE, 0), Page)
    Thread(target=page.serve_forever, daemon=True).start()
    print(port, f"http://{HERE}:{page.server_port}/", flush=True)
else:
    print(port, flush=True)
sys.stdin.read()
