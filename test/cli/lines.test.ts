import { assert, describe, it } from "@effect/vitest"
import { type Facts, linesOf } from "../../src/cli/doctor/lines.ts"
import { SetupStepName } from "../../src/domain/Setup.ts"
import { stepsOf } from "../../src/operations/Setup/steps.ts"
import { setupFacts } from "../support/setupFacts.ts"

const silent = (reason: string, message = "It is odd.", changes: Partial<Facts> = {}): Facts => ({
  url: "http://127.0.0.1:8080",
  invalid: null,
  accessCode: null,
  answer: { _tag: "Silent", reason, message },
  ...changes
})

const next = (facts: Facts) => {
  const found = linesOf(facts).find(({ state }) => state === "todo")
  return found === undefined ? null : `${found.step}: ${found.message}`
}

const accessCode = { setting: "ADMIN_ACCESS_CODE", neededFor: "the admin", message: "Set it." }

const cases: ReadonlyArray<readonly [string, Facts, string | null]> = [
  [
    "an environment that cannot be used",
    silent("Unreachable", "", { invalid: "PORT must be a whole number" }),
    "Settings: PORT must be a whole number"
  ],
  [
    "the access code that is missing here, where nothing runs yet",
    silent("Unreachable", "", { accessCode }),
    "ADMIN_ACCESS_CODE: is needed for the admin. Set it. It goes into the environment of the service, or into the file .env in its folder."
  ],
  [
    "a service that does not answer here",
    silent("Unreachable"),
    "Service: does not answer at http://127.0.0.1:8080. Start it, and leave it running: npm run ai-implement -- serve"
  ],
  [
    "a service that does not answer elsewhere, and says nothing of settings it cannot see",
    silent("Unreachable", "", { url: "https://ai.test", accessCode }),
    "Service: does not answer at https://ai.test. Check the address, and that the service runs there."
  ],
  [
    "something else at that address",
    silent("Unexpected", "The answer is 404."),
    "Service: at http://127.0.0.1:8080: The answer is 404."
  ],
  [
    "a service without its access code",
    silent("Disabled", "The API is off. Set ADMIN_ACCESS_CODE."),
    "ADMIN_ACCESS_CODE: The API is off. Set ADMIN_ACCESS_CODE."
  ],
  [
    "that no one is signed in, without settings it cannot read",
    silent("Unauthorized", "", { accessCode }),
    "Sign in: Sign in with the access code: npm run ai-implement -- login"
  ],
  [
    "the first open step of the set-up, with its command",
    silent("", "", { answer: { _tag: "Answered", steps: stepsOf(setupFacts) } }),
    "Address: PUBLIC_URL is not set: runs cannot report, and there are no webhooks. Set it to the address at which GitHub, Linear and your browser reach this service, and restart. Or choose polling only. npm run ai-implement -- setup polling-only"
  ]
]

describe("doctor names as the next step", () => {
  for (const [name, given, expected] of cases) it(name, () => assert.strictEqual(next(given), expected))

  it("one at a time, and lists the steps that only the service can check", () => {
    const lines = linesOf(silent("Unreachable")).map(({ state }) => state)
    assert.deepStrictEqual(lines, ["todo", "later", ...SetupStepName.literals.map(() => "later" as const)])
  })
})
