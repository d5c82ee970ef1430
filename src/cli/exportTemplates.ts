import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import type { TemplateFile } from "../domain/Templates.ts"
import { inspect } from "../runner/templates/header.ts"
import { failed } from "./failed.ts"

export interface Exported {
  readonly path: string
  readonly done: "written" | "unchanged" | "left alone"
}

const isInside = (path: string) => path !== "" && !path.startsWith("/") && !path.split(/[\\/]/).includes("..")

/** Writes the templates to a folder: ours are replaced, prompts are added where missing, other files stay. */
export const exportTemplates = Effect.fn("exportTemplates")(function* (
  files: ReadonlyArray<TemplateFile>,
  folder: string
) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const write = Effect.fnUntraced(function* (file: TemplateFile) {
    const target = path.join(folder, file.path)
    const existing = (yield* fs.exists(target)) ? yield* fs.readFileString(target) : null
    const state = inspect(existing, file)
    if (state === "current") return "unchanged" as const
    if (state !== "missing" && (file.seeded || state === "foreign")) return "left alone" as const
    yield* fs.makeDirectory(path.dirname(target), { recursive: true })
    yield* fs.writeFileString(target, file.content)
    return "written" as const
  })
  return yield* Effect.forEach(
    files,
    Effect.fnUntraced(function* (file) {
      if (!isInside(file.path)) return yield* failed(`${file.path} is not a path below ${folder}.`)
      const done = yield* write(file).pipe(
        Effect.catchTag("PlatformError", ({ message }) =>
          failed(`${file.path} cannot be written to ${folder}: ${message}`)
        )
      )
      return { path: file.path, done } satisfies Exported
    })
  )
})
