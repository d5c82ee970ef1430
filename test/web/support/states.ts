import { dispatching } from "./states/dispatching.ts"
import { overview } from "./states/overview.ts"
import { settings } from "./states/settings.ts"
import { setup } from "./states/setup.ts"
import type { PageStates } from "./states/steps.ts"

export type { State } from "./states/steps.ts"

/** Every state of each page, by its route, beside that with data; a page that is not here fails. */
export const states: Readonly<Record<string, PageStates>> = {
  ...overview,
  ...dispatching,
  ...settings,
  ...setup
}
