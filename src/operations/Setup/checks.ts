import * as DateTime from "effect/DateTime"
import type { SetupCheck } from "../../domain/Setup.ts"
import type { WebhookFacts } from "./facts.ts"

type More = Partial<Pick<SetupCheck, "fix" | "link" | "command">>

const check = (state: SetupCheck["state"], message: string, more: More = {}): SetupCheck => ({
  state,
  message,
  fix: more.fix ?? null,
  link: more.link ?? null,
  command: more.command ?? null
})
export const done = (message: string, more?: More) => check("done", message, more)
export const todo = (message: string, more?: More) => check("todo", message, more)
export const note = (message: string, more?: More) => check("note", message, more)

export type Checks = ReadonlyArray<SetupCheck>

export const inEnvironment =
  "Set it in the environment of the service, or in the file .env in its folder, and restart."

export const set = (names: ReadonlyArray<string>) =>
  `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} not set`

export const iso = (at: DateTime.Utc) => `${DateTime.formatIso(at).slice(0, 16).replace("T", " ")} UTC`

export const webhookHealth = (name: string, { acceptedAt, refused }: WebhookFacts): Checks => {
  if (refused !== null && (acceptedAt === null || DateTime.isGreaterThan(refused.at, acceptedAt)))
    return [note(`The last webhook of ${name} was refused at ${iso(refused.at)}. ${refused.message}`)]
  return acceptedAt === null
    ? [note(`No webhook of ${name} has arrived yet: the test issue at the end causes some.`)]
    : [done(`The last webhook of ${name} was accepted at ${iso(acceptedAt)}.`)]
}
