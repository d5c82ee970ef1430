import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Page } from "playwright"
import { vi } from "vitest"
import { serve } from "../../src/sandbox/Upstream.ts"
import { openPage, signIn } from "./browser.ts"
import { sandbox } from "./sandboxProcess.ts"

/** A JSON answer, as loosely typed as a test reads it. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any

const json =
  ({ request }: Page, base: string, headers: Readonly<Record<string, string>> = {}) =>
  async (method: string, path: string, data?: unknown): Promise<Json> => {
    const response = await request.fetch(base + path, { method, headers, data })
    const text = await response.text()
    return text === "" ? undefined : JSON.parse(text)
  }

/** The API of a service, signed in as another than the browser. */
export const apiAs = async (page: Page, address: string, code: string) => {
  const { token } = await json(page, address)("POST", "/api/auth", { code, name: "test" })
  return json(page, address, { authorization: `Bearer ${token}` })
}

/** Waits until `look` answers something, and gives it; looks again every `interval` milliseconds. */
export const until = <A>(look: () => Promise<A>, interval = 100) =>
  vi.waitUntil(look, { timeout: 30_000, interval })

/** The sandbox in a process of its own, a browser signed in to it, and what stands behind both. */
export class Sandbox extends Context.Service<
  Sandbox,
  {
    readonly page: Page
    readonly complaints: ReadonlyArray<string>
    readonly address: string
    readonly code: string
    /** What the messenger was sent. */
    readonly notified: () => ReadonlyArray<unknown>
    readonly api: (method: string, path: string, body?: unknown) => Promise<Json>
    readonly linear: (method: string, path: string, body?: unknown) => Promise<Json>
    readonly github: (method: string, path: string, body?: unknown) => Promise<Json>
    readonly fly: (method: string, path: string, body?: unknown) => Promise<Json>
    /** An issue whose run continues until it is stopped; answers its identifier. */
    readonly endless: (team: string) => Promise<string>
  }
>()("test/e2e/Sandbox") {
  static readonly at = (speed: number) =>
    Layer.effect(
      Sandbox,
      Effect.gen(function* () {
        const messenger = yield* serve({ name: "messenger", handler: () => Effect.succeed({ status: 200 }) })
        const { address, code, fly, github, linear } = yield* sandbox(speed, {
          NOTIFY_WEBHOOK_URL: messenger.url
        })
        const { complaints, page } = yield* openPage(address)
        yield* Effect.promise(() => signIn(page, code))
        const api = yield* Effect.promise(() => apiAs(page, address, code))
        const onLinear = json(page, `${linear}/_control`)
        return Sandbox.of({
          page,
          complaints,
          address,
          code,
          notified: messenger.control.calls,
          api,
          linear: onLinear,
          github: json(page, `${github}/_control`),
          fly: json(page, `${fly}/_control`),
          endless: async (team) => {
            const issue = { team, title: "Endless", labels: ["AI-Implement"], state: "Todo", priority: 1 }
            return (await onLinear("POST", "/issues", issue)).identifier
          }
        })
      })
    )
}

/** A step in the browser, with the service and its upstreams. */
export const step = (run: (tools: Sandbox["Service"]) => Promise<void>) =>
  Effect.flatMap(Sandbox, (tools) => Effect.promise(() => run(tools)))
