import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Mappings } from "../../admin/Mappings.ts"
import type { Mapping } from "../../domain/Mapping.ts"
import type { TemplateFile } from "../../domain/Templates.ts"
import { AppConfig } from "../../platform/Config.ts"
import { readBundle, type RunnerBundle } from "../../runner/bundle.ts"
import { render } from "../../runner/templates/render.ts"
import { type Repository, sameRepository } from "../../upstreams/CodeHost.ts"

/** The program that repositories run is not there; the message says what to do. */
export class RunnerNotBuilt extends Schema.TaggedError<RunnerNotBuilt>()("RunnerNotBuilt", {
  message: Schema.String
}) {}

const built = Effect.mapError(readBundle, ({ message }) => new RunnerNotBuilt({ message }))

/** The bundled program of this installation. */
export const RunnerProgram = Context.Reference<
  Effect.Effect<Pick<RunnerBundle, "content" | "version">, RunnerNotBuilt>
>("ai-implement/dispatching/templates/RunnerProgram", { defaultValue: () => built })

export interface RepositoryTemplates {
  readonly version: string
  readonly files: ReadonlyArray<TemplateFile>
  /** All mappings of the repository. */
  readonly mappings: ReadonlyArray<Mapping>
}

/** The files that target repositories need, rendered from all mappings of a repository. */
export class Templates extends Context.Service<
  Templates,
  {
    readonly of: (repository: Repository) => Effect.Effect<RepositoryTemplates, RunnerNotBuilt>
  }
>()("ai-implement/dispatching/templates/Templates") {
  static readonly layerNoDeps = Layer.effect(
    Templates,
    Effect.gen(function* () {
      const all = yield* Mappings
      const program = yield* RunnerProgram
      const { GITHUB_WEBHOOK_SECRET, PUBLIC_URL } = yield* AppConfig
      const runner = yield* Effect.cached(program)

      const of = Effect.fn("Templates.of")(function* (repository: Repository) {
        const { content, version } = yield* runner
        const mappings = (yield* all.list).filter((mapping) => sameRepository(mapping, repository))
        const files = render({
          mappings,
          callbackUrl: PUBLIC_URL,
          forwardComments: GITHUB_WEBHOOK_SECRET === null,
          runner: { content, version }
        })
        return { version, files, mappings }
      })

      return Templates.of({ of })
    })
  )
}
