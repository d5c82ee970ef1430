import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Repository } from "../CodeHost.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Client } from "./Client.ts"

const About = Schema.Struct({ id: Schema.Int })

export const makeId = (client: Client["Service"]) =>
  Effect.fn("GitHub.id")(function* (repository: Repository): Effect.fn.Return<number, UpstreamError> {
    const { id } = yield* client.ask({
      name: "id",
      to: `read the repository ${repository.owner}/${repository.repo}`,
      operation: "repos/get",
      repository,
      body: About
    })
    return id
  })
