import type { Overview } from "../../domain/Overview.ts"
import { type SetupCheck, type SetupStep, SetupStepName, setupTitles } from "../../domain/Setup.ts"

export type Answer =
  | { readonly _tag: "Answered"; readonly steps: ReadonlyArray<SetupStep> }
  | { readonly _tag: "Silent"; readonly reason: string; readonly message: string }

export interface Facts {
  readonly url: string
  /** Why the local environment cannot be used; null when it can. */
  readonly invalid: string | null
  /** The access code is missing in the local environment. */
  readonly accessCode: Overview["setup"][number] | null
  readonly answer: Answer
}

/** A check of a step, or what has to be done before the service can check anything. */
export interface Line {
  readonly step: string
  readonly state: SetupCheck["state"] | "later"
  readonly message: string
}

const run = (command: string) => `npm run ai-implement -- ${command}`

const done = (step: string, message: string): Line => ({ step, state: "done", message })
const todo = (step: string, message: string): Line => ({ step, state: "todo", message })

const isLocal = (url: string) => /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(new URL(url).hostname)

const unreachable = ({ accessCode, invalid, url }: Facts): ReadonlyArray<Line> => {
  if (!isLocal(url))
    return [todo("Service", `does not answer at ${url}. Check the address, and that the service runs there.`)]
  return [
    ...(invalid === null ? [] : [todo("Settings", invalid)]),
    ...(accessCode === null
      ? []
      : [
          todo(
            accessCode.setting,
            `is needed for ${accessCode.neededFor}. ${accessCode.message} It goes into the environment of the service, or into the file .env in its folder.`
          )
        ]),
    todo("Service", `does not answer at ${url}. Start it, and leave it running: ${run("serve")}`)
  ]
}

const silent = (facts: Facts, { message, reason }: Answer & { readonly _tag: "Silent" }) => {
  switch (reason) {
    case "Unreachable":
      return unreachable(facts)
    case "Unauthorized":
      return [done("Service", `answers at ${facts.url}.`)]
    case "Disabled":
      return [todo("ADMIN_ACCESS_CODE", message)]
    default:
      return [todo("Service", `at ${facts.url}: ${message}`)]
  }
}

const signIn = todo("Sign in", `Sign in with the access code: ${run("login")}`)

const messageOf = ({ command, fix, link, message }: SetupCheck) =>
  [
    message,
    ...(fix === null ? [] : [fix]),
    ...(link === null ? [] : [`${link.text}: ${link.url}`]),
    ...(command === null ? [] : [run(command)])
  ].join(" ")

const ofStep = ({ checks, state: step, step: name }: SetupStep): ReadonlyArray<Line> =>
  checks.map((check) => ({
    step: setupTitles[name],
    state: check.state === "todo" && step === "later" ? "later" : check.state,
    message: messageOf(check)
  }))

/** What `doctor` prints: the steps of the set-up, after what has to be done before the service shows them. */
export const linesOf = (facts: Facts): ReadonlyArray<Line> => {
  const { answer, url } = facts
  if (answer._tag === "Answered")
    return [
      done("Service", `answers at ${url}.`),
      done("Sign in", "You are signed in."),
      ...answer.steps.flatMap(ofStep)
    ]
  const [first, ...rest] = [...silent(facts, answer), signIn].filter(({ state }) => state === "todo")
  const before = silent(facts, answer).filter(({ state }) => state === "done")
  return [
    ...before,
    ...(first === undefined ? [] : [first]),
    ...rest.map((line) => ({ ...line, state: "later" as const })),
    ...SetupStepName.literals.map((name): Line => ({
      step: setupTitles[name],
      state: "later",
      message: "is checked by the service."
    }))
  ]
}
