"""Answers as GitHub's API does, for the specs that run the real gh.

    server.py FOLDER

Serves https://localhost:PORT/api/graphql on a free port of this machine, with a certificate of its own.
In FOLDER it makes cert.pem and, when it is ready, port; every request is a line of JSON in requests:
{"path", "token", "operation", "variables"}. The file status, if it is there, says what is answered instead:
"500", "401" or "403 only comments", "hang", "gone" (no such issue). The specs write it at any time.

Only what `gh issue comment` uses is here: it looks for the issue, then adds the comment.
"""

import http.server
import json
import os
import re
import ssl
import subprocess
import sys
import time

folder = sys.argv[1]

ISSUE = "I_7"


def path_of(name):
    return os.path.join(folder, name)


def make_certificate():
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", path_of("key.pem"), "-out", path_of("cert.pem"), "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, stderr=subprocess.DEVNULL)


def status_wanted():
    try:
        with open(path_of("status"), encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""


def find_issue(variables):
    number = variables["number"]
    return {"data": {"repository": {"hasIssuesEnabled": True, "issue": {
        "__typename": "Issue", "id": ISSUE, "number": number,
        "url": f"https://localhost/{variables['owner']}/{variables['repo']}/issues/{number}"}}}}


def create_comment(variables):
    assert variables["input"]["subjectId"] == ISSUE
    return {"data": {"addComment": {"commentEdge": {"node": {
        "url": "https://localhost/o/r/issues/7#issuecomment-1"}}}}}


OPERATIONS = {"IssueByNumber": find_issue, "CommentCreate": create_comment}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def note(self, operation, variables):
        entry = {"path": self.path, "token": self.headers.get("Authorization", ""), "operation": operation,
                 "variables": variables}
        with open(path_of("requests"), "a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = re.match(r"\s*(?:query|mutation)\s+(\w+)", request["query"]).group(1)
        wanted = status_wanted()
        if wanted == "hang":
            time.sleep(60)
        number = re.match(r"(\d{3})( only comments)?$", wanted)
        if number and (not number.group(2) or operation == "CommentCreate"):
            self.answer(int(number.group(1)), {"message": "as the test wants it"})
        elif wanted == "gone":
            self.answer(200, {"data": {"repository": None}, "errors": [
                {"type": "NOT_FOUND", "path": ["repository"], "message": "Could not resolve to a Repository"}]})
        else:
            variables = request["variables"]
            self.note(operation, variables)
            self.answer(200, OPERATIONS[operation](variables))

    def log_message(self, *_):
        pass


def main():
    make_certificate()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path_of("cert.pem"), path_of("key.pem"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with open(path_of("port.tmp"), "w", encoding="utf-8") as file:
        file.write(str(server.server_address[1]))
    os.rename(path_of("port.tmp"), path_of("port"))
    server.serve_forever()


main()
