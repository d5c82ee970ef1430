import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"

const maxParamLength = 100

const methodOrder = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

const toPattern = (path: string) =>
  new RegExp(
    `^${path
      .replaceAll(".", "\\.")
      .replaceAll(/:\w+/g, `[^/]{1,${maxParamLength}}`)
      .replace(/\/\*$/, "(/.*)?")}$`
  )

type Register = (method: string, path: string) => void

const observed = (router: HttpRouter.HttpRouter, register: Register): HttpRouter.HttpRouter => ({
  ...router,
  prefixed: (prefix) => observed(router.prefixed(prefix), (method, path) => register(method, prefix + path)),
  add: (method, path, handler, options) => {
    register(method, path)
    return router.add(method, path, handler, options)
  },
  addAll: (routes) => {
    for (const { method, path } of routes) register(method, path)
    return router.addAll(routes)
  }
})

/** The methods that the registered routes have for a path, for 405 and `Allow`. */
export class RouteMethods extends Context.Service<
  RouteMethods,
  { readonly of: (path: string) => ReadonlyArray<string> }
>()("ai-implement/http/RouteMethods") {
  static readonly layer = Layer.effectContext(
    Effect.gen(function* () {
      const routes = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>()
      const register: Register = (method, path) => {
        const { methods } = routes.get(path) ?? { methods: new Set<string>() }
        methods.add(method)
        if (method === "GET") methods.add("HEAD")
        routes.set(path, { pattern: toPattern(path), methods })
      }
      const methodsOf = (path: string) => {
        const found = [...routes.values()].filter(({ pattern }) => pattern.test(path))
        return methodOrder.filter((method) => found.some(({ methods }) => methods.has(method)))
      }
      return Context.make(RouteMethods, { of: methodsOf }).pipe(
        Context.add(HttpRouter.HttpRouter, observed(yield* HttpRouter.HttpRouter, register))
      )
    })
  )
}
