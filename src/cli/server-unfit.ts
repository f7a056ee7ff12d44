/** The demo cannot log to that server; the message tells a person why and what to do. */
export class ServerUnfit extends Error {}
