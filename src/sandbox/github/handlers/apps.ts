import * as Effect from "effect/Effect"
import { notFound } from "../errors.ts"
import { app, installation, token } from "../render/app.ts"
import { findRepository } from "../State.ts"
import { type Handler, textOf } from "./Handler.ts"

export const apps = {
  "apps/get-authenticated": {
    by: "app",
    handle: (call) => Effect.succeed({ status: 200, body: app(call.base, call.app) })
  },
  "apps/get-repo-installation": {
    by: "app",
    handle: Effect.fnUntraced(function* ({ app, auth, base, parameters, state }) {
      const owner = textOf(parameters, "owner") ?? ""
      const repository = findRepository(state, owner, textOf(parameters, "repo") ?? "")
      const found = auth.installationOf(app, owner)
      if (repository === undefined || found?.repositories.includes(repository) !== true)
        return yield* notFound
      return { status: 200, body: installation(base, found) }
    })
  },
  "apps/create-installation-access-token": {
    by: "app",
    handle: Effect.fnUntraced(function* ({ app, auth, base, body, parameters }) {
      const issued = yield* auth.issue(app, Number(parameters["installation_id"]), body)
      return { status: 201, body: token(base, issued) }
    })
  },
  "rate-limit/get": {
    by: "token",
    free: true,
    handle: ({ limits, now, token }) =>
      Effect.sync(() => {
        const core = limits.view(`installation:${token.installation.id}`, now)
        const search = { limit: 30, remaining: 30, reset: core.reset, used: 0 }
        return { status: 200, body: { resources: { core, search }, rate: core } }
      })
  }
} satisfies Record<string, Handler>
