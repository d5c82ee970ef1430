import { plural } from "./plural.ts"

export const words = {
  title: "HTTP API",
  intro: (version: string) =>
    `The same definition that the service runs, version ${version}. Calls made here are real, with your session; the document itself is at`,
  count: (count: number) => plural(count, "call"),
  noneMatch: "No call matches the search",
  groups: "Groups",
  body: "Body",
  schema: "Type",
  try: "Try it",
  optional: (name: string) => `${name} (optional)`,
  required: "Required for the address.",
  notJson: "Is not JSON.",
  send: "Send",
  answer: "Answer",
  answered: (status: number, millis: number) => `${status}, after ${millis} ms`,
  noBody: "(no body)",
  stream: "A stream of server-sent events: it stays open, so it cannot be called here.",
  sendTitle: (method: string) => `Send this ${method} to the service?`,
  sendBody: (method: string, path: string) => `${method} ${path} is a real call and changes what it names.`
} as const
