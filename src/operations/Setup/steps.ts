import * as Arr from "effect/Array"
import { SetupStepName, type SetupStep } from "../../domain/Setup.ts"
import { type Checks, done, iso, note, todo } from "./checks.ts"
import type { SetupFacts } from "./facts.ts"
import { githubApp, installed } from "./steps/github.ts"
import { linear } from "./steps/linear.ts"
import { credential, mapped, workflows } from "./steps/repositories.ts"
import { testIssue } from "./steps/testIssue.ts"

const reachable = ({ ownCall, pollingOnly, proxy, publicUrl, reachedAt }: SetupFacts): Checks => [
  publicUrl === null
    ? pollingOnly
      ? done("Polling only is chosen: nothing outside calls this service, so runs cannot ask or report.")
      : todo("PUBLIC_URL is not set: runs cannot report, and there are no webhooks.", {
          fix: `Set it to the address at which GitHub, Linear and your browser reach this service, and restart. Or choose polling only.`,
          command: "setup polling-only"
        })
    : ownCall === null
      ? done(`The service answers at ${publicUrl}.`)
      : reachedAt === null
        ? note(`The service did not reach itself at ${publicUrl}: ${ownCall}.`, {
            fix: "Check the address from another network. Some routers do not lead a call back into their own network (hairpin routing); then the first webhook or report of a run proves the address."
          })
        : done(
            `Calls from outside arrive, the last at ${iso(reachedAt)}. The service cannot reach itself at ${publicUrl} (${ownCall}), which hairpin routing explains.`
          ),
  ...(proxy === null ? [] : [note(proxy)])
]

const checksOf: Readonly<Record<SetupStepName, (facts: SetupFacts) => Checks>> = {
  reachable,
  "github-app": githubApp,
  installed,
  linear,
  credential,
  mapping: mapped,
  workflows,
  "test-issue": testIssue
}

/** Every step of the set-up in its order; open ones after the first open one are `later`. */
export const stepsOf = (facts: SetupFacts): ReadonlyArray<SetupStep> => {
  let open = false
  return SetupStepName.literals.map((step) => {
    // Mappings that share a repository have the same to say of it.
    const checks = Arr.dedupeWith(checksOf[step](facts), (a, b) => a.message === b.message)
    const isOpen = checks.some(({ state }) => state === "todo")
    const state = isOpen ? (open ? ("later" as const) : ("todo" as const)) : ("done" as const)
    open ||= isOpen
    return { step, state, checks }
  })
}
