"""Takes in whatever is posted, and keeps each body in a file of its own.

    keep_envelopes.py PORT FOLDER
"""

import http.server
import itertools
import pathlib
import sys


class Keep(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    numbers = itertools.count(1)
    folder = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        (self.folder / f"{next(self.numbers):05}").write_bytes(body)
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        pass


def main(port, folder):
    Keep.folder = pathlib.Path(folder)
    Keep.folder.mkdir(parents=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Keep)
    print("listening", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
