import * as Effect from "effect/Effect"
import { time } from "../render/time.ts"
import type { Repository } from "../State.ts"
import type { Handler } from "./Handler.ts"
import { page } from "./paging.ts"

const list = (namesOf: (repository: Repository) => ReadonlyArray<string>): Handler => ({
  by: "repository",
  needs: ["secrets", "read"],
  handle: ({ parameters, repository, url }) =>
    Effect.sync(() => {
      const names = namesOf(repository)
      const { items, headers } = page(names, url, parameters)
      const since = time(repository.createdAt)
      const secrets = items.map((name) => ({ name, created_at: since, updated_at: since }))
      return { status: 200, headers, body: { total_count: names.length, secrets } }
    })
})

export const secrets = {
  "actions/list-repo-secrets": list((repository) => repository.secrets),
  "actions/list-repo-organization-secrets": list((repository) => repository.organizationSecrets)
} satisfies Record<string, Handler>
