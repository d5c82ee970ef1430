import * as Effect from "effect/Effect"
import { invalid } from "../errors.ts"
import { renderApp } from "../render.ts"
import { type App, isGone, machinesOf, putApp, type State } from "../State.ts"
import { appOf, type Handler, textOf } from "./Handler.ts"

const view = (state: State, app: App) =>
  renderApp(app, machinesOf(state, app).filter((machine) => !isGone(machine)).length)

export const apps = {
  Apps_list: (call) =>
    Effect.sync(() => {
      const organization = textOf(call, "org_slug")
      const found = [...call.state.apps.values()].filter((app) => app.organization === organization)
      return {
        status: 200,
        body: { total_apps: found.length, apps: found.map((app) => view(call.state, app)) }
      }
    }),
  Apps_create: Effect.fnUntraced(function* ({ body, state }) {
    const name = String(body["name"] ?? "")
    if (!/^[a-z0-9-]{1,63}$/.test(name)) {
      return yield* invalid("Name under 63 chars using numbers, lowercase letters and dashes", 422)
    }
    if (state.apps.has(name)) return yield* invalid("Name has already been taken", 422)
    putApp(state, name, String(body["org_slug"] ?? "personal"))
    return { status: 201, body: {} }
  }),
  Apps_show: Effect.fnUntraced(function* (call) {
    return { status: 200, body: view(call.state, yield* appOf(call)) }
  })
} satisfies Record<string, Handler>
