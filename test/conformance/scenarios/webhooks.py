"""Webhooks through the untouched client: made, listed, changed, tried out and deleted; a receiver is told of what happens
and checks the signature as MLflow's documentation says. Prints what it saw, as JSON."""

import base64
import hashlib
import hmac
import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from mlflow import MlflowClient
from mlflow.entities.webhook import WebhookEvent, WebhookStatus

from check import refused, report, same

told = queue.Queue()
secret = "a shared secret"


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
        sent = {name.lower(): value for name, value in self.headers.items()}
        signed = f"{sent['x-mlflow-delivery-id']}.{sent['x-mlflow-timestamp']}.{body}"
        digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
        same(sent["x-mlflow-signature"], "v1," + base64.b64encode(digest).decode(), "signature")
        told.put(json.loads(body))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"thanks")

    def log_message(self, *_):
        pass


receiver = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{receiver.server_port}/hook"
client = MlflowClient()

made = client.create_webhook(
    name="told",
    url=url,
    events=["registered_model.created", "model_version.created", "model_version_alias.created"],
    description="of all",
    secret=secret,
)
same((made.status, made.description, made.secret), (WebhookStatus.ACTIVE, "of all", None), "made")
same(client.get_webhook(made.webhook_id).url, url, "got")
same([hook.webhook_id for hook in client.list_webhooks()], [made.webhook_id], "listed")

tried = client.test_webhook(made.webhook_id)
same((tried.success, tried.response_status, tried.response_body), (True, 200, "thanks"), "tried")
same(told.get(timeout=30)["entity"], "registered_model", "example")

client.create_registered_model("watched", tags={"a": "b"}, description="text")
client.create_model_version("watched", source="s3://bucket/model")
client.set_registered_model_alias("watched", "champion", "1")
seen = {}
for _ in range(3):
    body = told.get(timeout=30)
    seen[f"{body['entity']}.{body['action']}"] = body["data"]
same(
    seen,
    {
        "registered_model.created": {"name": "watched", "tags": {"a": "b"}, "description": "text"},
        "model_version.created": {
            "name": "watched",
            "version": "1",
            "source": "s3://bucket/model",
            "run_id": None,
            "tags": {},
            "description": None,
        },
        "model_version_alias.created": {"name": "watched", "alias": "champion", "version": "1"},
    },
    "told",
)

changed = client.update_webhook(
    made.webhook_id, name="quiet", events=["prompt.created"], status="DISABLED", description=""
)
same((changed.name, changed.status, changed.description), ("quiet", WebhookStatus.DISABLED, None), "changed")
same(changed.events, [WebhookEvent.from_str("prompt.created")], "events")
refused(lambda: client.create_webhook("inner", "https://169.254.169.254/", ["prompt.created"]), "INVALID_PARAMETER_VALUE")
refused(lambda: client.create_webhook("-no", url, ["prompt.created"]), "INVALID_PARAMETER_VALUE", "Webhook name")
client.delete_webhook(made.webhook_id)
refused(lambda: client.get_webhook(made.webhook_id), "RESOURCE_DOES_NOT_EXIST", "not found")
same(list(client.list_webhooks()), [], "left")
report(seen=len(seen))
