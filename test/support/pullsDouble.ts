import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { serve } from "../../src/sandbox/Upstream.ts"

const Body = Schema.fromJsonString(
  Schema.Struct({
    title: Schema.optional(Schema.String),
    body: Schema.String,
    head: Schema.optional(Schema.String),
    base: Schema.optional(Schema.String),
    draft: Schema.optional(Schema.Boolean)
  })
)
const decode = (text: string) => Effect.orDie(Schema.decodeEffect(Body)(text))

export interface Pull {
  readonly number: number
  readonly html_url: string
  readonly title: string
  readonly head: string
  readonly base: string
  draft: boolean
  body: string
}

/** The pull requests of a code host, by a token that must be the vended one. */
export const pullsDouble = Effect.fnUntraced(function* (vended: string) {
  const pulls: Array<Pull> = []
  const { control, url } = yield* serve({
    name: "Pulls",
    operationOf: ({ method, url: { pathname } }) => `${method} ${pathname}`,
    handler: Effect.fnUntraced(function* ({ body, headers, method, url: { pathname, searchParams } }) {
      if (headers["authorization"] !== `Bearer ${vended}`) {
        return { status: 401, body: { message: "Bad credentials" } }
      }
      if (method === "GET" && pathname.endsWith("/pulls")) {
        const branch = searchParams.get("head")?.split(":")[1]
        return { status: 200, body: pulls.filter(({ head }) => head === branch) }
      }
      const wanted = yield* decode(body)
      if (method === "POST") {
        if (pulls.some(({ head }) => head === wanted.head)) {
          return { status: 422, body: { message: "A pull request already exists." } }
        }
        const number = pulls.length + 7
        const pull: Pull = {
          number,
          html_url: `https://github.test/acme/app/pull/${number}`,
          title: wanted.title ?? "",
          head: wanted.head ?? "",
          base: wanted.base ?? "",
          draft: wanted.draft ?? false,
          body: wanted.body
        }
        pulls.push(pull)
        return { status: 201, body: pull }
      }
      const pull = pulls.find(({ number }) => pathname.endsWith(`/pulls/${number}`))
      if (pull === undefined) return { status: 404, body: { message: "Not Found" } }
      pull.body = wanted.body
      return { status: 200, body: pull }
    })
  })
  return { url, control, pulls }
})
