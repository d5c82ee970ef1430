import type { Setup } from "../../../../src/domain/Setup.ts"
import { stepsOf } from "../../../../src/operations/Setup/steps.ts"
import { setupFacts } from "../../../support/setupFacts.ts"

/** The first visit: nothing is set but what the page needs. */
export const setup: Setup = {
  steps: stepsOf(setupFacts),
  publicUrl: null,
  pollingOnly: false,
  pickupLabel: "AI-Implement",
  teams: [],
  repositories: [],
  mappings: [],
  webhook: false,
  testIssue: null,
  testDispatch: null
}
