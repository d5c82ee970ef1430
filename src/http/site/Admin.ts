import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpStaticServer from "effect/http/HttpStaticServer"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import { fileURLToPath } from "node:url"
import { AppConfig } from "../../platform/Config.ts"
import { missingSetup } from "../../operations/Overview/setup.ts"
import { precompressed } from "./precompressed.ts"

export const AdminRoot = Context.Reference<string>("ai-implement/http/AdminRoot", {
  defaultValue: () => fileURLToPath(new URL("../../../web/dist", import.meta.url))
})

const notBuilt = HttpServerResponse.text(
  "The admin is not built. Run npm run build and reload. The HTTP API under /api works without it.\n",
  { status: 404 }
)

/** The admin at `/admin`, and `/`, which redirects there or says how to set it up. */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const router = yield* HttpRouter.HttpRouter
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const config = yield* AppConfig
    const root = yield* AdminRoot
    const files = precompressed(root, yield* HttpStaticServer.make({ root, spa: true })).pipe(
      Effect.provideService(FileSystem.FileSystem, fs),
      Effect.provideService(Path.Path, path)
    )

    const isBuilt = Effect.orElseSucceed(fs.exists(path.join(root, "index.html")), () => false)
    const absent = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) =>
      Effect.fail(
        new HttpServerError.HttpServerError({ reason: new HttpServerError.RouteNotFound({ request }) })
      )
    )
    const serve = files.pipe(
      Effect.catch((error) =>
        Effect.logDebug("A file of the admin cannot be served", error.reason._tag).pipe(
          Effect.andThen(isBuilt),
          Effect.flatMap((built) => (built ? absent : Effect.succeed(notBuilt)))
        )
      )
    )
    yield* router.prefixed("/admin").add("GET", "/*", serve)

    const setup = missingSetup(config, 0)
      .map(({ message, neededFor, setting }) => `  ${setting} (${neededFor})\n      ${message}\n`)
      .join("")
    yield* router.add(
      "GET",
      "/",
      config.ADMIN_ACCESS_CODE === null
        ? HttpServerResponse.text(
            `AI-Implement runs. The admin is off until ADMIN_ACCESS_CODE is set.\n\n${setup}`
          )
        : HttpServerResponse.redirect("/admin/")
    )
  })
)
