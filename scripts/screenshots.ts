/** Takes the README's pictures of the admin; `npm run screenshots -- --all <folder>`: every page at every width, light and dark. */
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { runMain } from "../src/platform/runMain.ts"
import { folder } from "../test/support/postgres.ts"
import { camera, type Look, type Theme, themes } from "./screenshots/camera.ts"
import { people } from "./screenshots/people.ts"
import { type Scene, scenes } from "./screenshots/scenes.ts"
import { subjects } from "./screenshots/subjects.ts"
import { startDemo } from "./soak/soak.ts"

const { values } = parseArgs({
  options: { all: { type: "string" }, only: { type: "string", default: "" } }
})
const pictures = fileURLToPath(new URL("../.github", import.meta.url))

interface Shot {
  readonly scene: Scene
  readonly look: Look
  readonly file: string
}

const inReadme: Readonly<Record<string, ReadonlyArray<Theme>>> = {
  overview: ["light", "dark"],
  issues: ["light"],
  dispatch: ["dark"],
  mapping: ["light"]
}

const ofReadme = scenes.flatMap((scene) =>
  (inReadme[scene.name] ?? []).map((theme) => ({
    scene,
    look: { theme, width: 1280, height: 800, whole: false },
    file: join(pictures, `${scene.name}-${theme}.png`)
  }))
)

const ofReview = (folder: string) =>
  scenes.flatMap((scene) =>
    [360, 768, 1280, 2560].flatMap((width) =>
      themes.map((theme) => ({
        scene,
        look: {
          theme,
          width,
          height: width < 500 ? 740 : Math.min(1440, Math.round(width * 0.7)),
          whole: true
        },
        file: join(folder, `${scene.name}-${width}-${theme}.png`)
      }))
    )
  )

const shots: ReadonlyArray<Shot> = values.all === undefined ? ofReadme : ofReview(values.all)

runMain(
  Effect.gen(function* () {
    const demo = yield* startDemo(yield* folder, 0.5)
    yield* people(demo)
    const take = yield* camera(demo)
    yield* subjects(demo)
    const wanted = shots.filter(({ scene }) => scene.name.includes(values.only))
    yield* Effect.forEach(
      wanted,
      ({ file, look, scene }) => Effect.flatMap(subjects(demo), (found) => take(scene, look, found, file)),
      { concurrency: 2, discard: true }
    )
    yield* Console.log(`${wanted.length} pictures taken`)
  }).pipe(Effect.scoped)
)
