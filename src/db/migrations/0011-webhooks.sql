-- Webhooks and what was sent to them (docs/decisions/0071). The queue is the log of events itself: position says how far in
-- it a webhook has come, and what is beyond it has no row here.
-- events: names, comma-separated. secret: sealed with the key of the server (domain/triggers/secret-seal.ts).
CREATE TABLE webhook (
  id {int} PRIMARY KEY,
  uid {text} NOT NULL UNIQUE,
  project {int} NOT NULL,
  name {text} NOT NULL,
  description {text},
  url {text} NOT NULL,
  events {text} NOT NULL,
  secret {bytes},
  active {int} NOT NULL,
  position {int} NOT NULL,
  created {int} NOT NULL,
  updated {int} NOT NULL
) {strict};
CREATE INDEX webhook_project ON webhook (project, created, id);

-- One event for one webhook; made in the transaction that moves the webhook's position, so it has one id for ever. What is
-- sent is made of the event each time. next_at: when to try again (while leased: when to take it from a server that is
-- gone), NULL when it has ended. ended: ms when it was delivered or given up. status, error, took: of the last attempt.
CREATE TABLE webhook_delivery (
  id {int} PRIMARY KEY,
  uid {text} NOT NULL UNIQUE,
  webhook {int} NOT NULL,
  event {int} NOT NULL,
  name {text} NOT NULL,
  created {int} NOT NULL,
  attempts {int} NOT NULL,
  next_at {int},
  leased {int} NOT NULL,
  delivered {int} NOT NULL,
  tried {int},
  ended {int},
  status {int},
  error {text},
  took {int}
) {strict};
CREATE UNIQUE INDEX webhook_delivery_event ON webhook_delivery (webhook, event);
CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook, id);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, next_at) WHERE next_at IS NOT NULL;
