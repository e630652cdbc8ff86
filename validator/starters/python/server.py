"""A key-value server. Everything is answered with 501 so far: begin at `answer`."""

import argparse
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def answer(method, key, value):
    """The status and the body of the answer to one request.

    PUT /key with the value as its body: 200. GET /key: 200 and the value, or 404.
    """
    return 501, f"{method} {key}: not implemented yet"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections open

    def handle_request(self):
        length = int(self.headers.get("Content-Length", 0))
        value = self.rfile.read(length).decode("latin-1")
        status, body = answer(self.command, self.path.removeprefix("/"), value)
        data = body.encode("latin-1")
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_DELETE = do_POST = handle_request

    # Head and body leave together: as two small packets they wait for each other.
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", 8080)))
    parser.add_argument("--data", default=os.environ.get("DATA_DIR", "data"))
    options = parser.parse_args()
    os.makedirs(options.data, exist_ok=True)
    print(f"listening on http://127.0.0.1:{options.port}", flush=True)
    Server(("127.0.0.1", options.port), Handler).serve_forever()
