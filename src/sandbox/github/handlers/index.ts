import type { Operation } from "../../../upstreams/github/operations.ts"
import { actions } from "./actions.ts"
import { apps } from "./apps.ts"
import { artifacts } from "./artifacts.ts"
import { git } from "./git.ts"
import type { Handler } from "./Handler.ts"
import { people } from "./people.ts"
import { pulls } from "./pulls.ts"
import { repos } from "./repos.ts"
import { secrets } from "./secrets.ts"

export const handlers: Record<Operation, Handler> = {
  ...apps,
  ...repos,
  ...git,
  ...people,
  ...pulls,
  ...actions,
  ...artifacts,
  ...secrets
}
