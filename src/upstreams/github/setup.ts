import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { UpstreamInt, UpstreamText, UpstreamUrl } from "../client/upstreamText.ts"
import { makeUpstream } from "../client/upstream.ts"
import type { AppInstallation, AppOfHost, CodeHostSetup, CreatedApp } from "../CodeHostSetup.ts"
import type { UpstreamError } from "../UpstreamError.ts"
import type { Client } from "./Client.ts"
import { errors, refusal } from "./errors.ts"
import { missingOf } from "./inspect.ts"
import { makeSend } from "./transport.ts"

const pageSize = 100
const maxPages = 3

const Web = Schema.Struct({ name: UpstreamText, html_url: UpstreamUrl })

const Installations = Schema.Array(
  Schema.Struct({
    id: Schema.Int,
    html_url: UpstreamUrl,
    account: Schema.Struct({ login: UpstreamText }),
    permissions: Schema.Record(Schema.String, UpstreamText),
    suspended_at: Schema.optionalKey(Schema.NullOr(Schema.String))
  })
)

const Repositories = Schema.Struct({
  total_count: UpstreamInt,
  repositories: Schema.Array(
    Schema.Struct({
      name: UpstreamText,
      owner: Schema.Struct({ login: UpstreamText }),
      default_branch: UpstreamText
    })
  )
})

// They become lines of a shell: nothing but what such values consist of.
const plain = (pattern: RegExp) => Schema.String.check(Schema.isPattern(pattern))
const Converted = Schema.Struct({
  id: UpstreamInt,
  html_url: UpstreamUrl,
  pem: plain(/^-----BEGIN [A-Z ]+-----\n[A-Za-z0-9+/=\n]+-----END [A-Z ]+-----\n?$/),
  webhook_secret: Schema.NullOr(plain(/^[A-Za-z0-9_+/=.-]{1,200}$/))
})

const installUrlOf = (page: string) => `${page}/installations/new`

const unique = (names: ReadonlyArray<string>) => [...new Set(names)]

export const makeSetup = Effect.fnUntraced(function* (client: Client["Service"], url: string) {
  const send = yield* makeSend(url)
  const upstream = yield* makeUpstream({
    errors,
    url,
    refusal: (call, answer, now) => refusal(call, answer, now, null),
    budgets: () => []
  })

  const repositoriesOf = Effect.fnUntraced(function* (id: number, account: string) {
    const found: Array<AppInstallation["repositories"][number]> = []
    for (let page = 1; ; page++) {
      const { repositories, total_count: total } = yield* client.installation({
        name: "setup",
        to: `list the repositories of ${account}`,
        operation: "apps/list-repos-accessible-to-installation",
        installationId: id,
        parameters: { per_page: pageSize, page },
        body: Repositories
      })
      for (const { default_branch, name, owner } of repositories)
        found.push({ owner: owner.login, repo: name, defaultBranch: default_branch })
      if (found.length >= total || repositories.length === 0) return { found, more: false }
      if (page === maxPages) return { found, more: true }
    }
  })

  const toInstallation = Effect.fnUntraced(function* ({
    account,
    html_url,
    id,
    permissions,
    suspended_at
  }: (typeof Installations.Type)[number]) {
    const suspended = typeof suspended_at === "string"
    const needed = unique([...missingOf(permissions, "runs"), ...missingOf(permissions, "work")])
    const optional = (["sync", "secrets", "checks"] as const).flatMap((scope) =>
      missingOf(permissions, scope)
    )
    const { found, more } = suspended ? { found: [], more: false } : yield* repositoriesOf(id, account.login)
    return {
      more,
      installation: {
        account: account.login,
        url: html_url,
        suspended,
        missing: { needed, optional: unique(optional).filter((each) => !needed.includes(each)) },
        repositories: found
      } satisfies AppInstallation
    }
  })

  const app = Effect.gen(function* (): Effect.gen.Return<AppOfHost, UpstreamError> {
    const call = { name: "setup", to: "say which App the key belongs to" } as const
    const { html_url, name } = yield* client.app({ ...call, operation: "apps/get-authenticated", body: Web })
    const installations = yield* client.app({
      name: "setup",
      to: "list where the App is installed",
      operation: "apps/list-installations",
      parameters: { per_page: pageSize },
      body: Installations
    })
    const all = yield* Effect.forEach(installations, toInstallation, { concurrency: 2 })
    return {
      name,
      url: html_url,
      installUrl: installUrlOf(html_url),
      installations: all.map(({ installation }) => installation),
      more: all.some(({ more }) => more) || installations.length === pageSize
    }
  }).pipe(Effect.withSpan("GitHub.app"))

  const convert = Effect.fn("GitHub.convert")(function* (
    code: string
  ): Effect.fn.Return<CreatedApp, UpstreamError> {
    const { body } = yield* upstream.launch(
      {
        name: "convert",
        to: "hand over the App that was created",
        given: [code],
        absent:
          "it does not know the code, which works once and for an hour; delete the App that was created, and create it again",
        unanswered:
          "Whether the code is used up is not known: delete the App that was created, and create it again.",
        send: send({
          operation: "apps/create-from-manifest",
          parameters: { code },
          authorization: null,
          owner: null
        }),
        body: Converted
      },
      Effect.succeed(true)
    )
    return {
      appId: String(body.id),
      privateKey: Redacted.make(body.pem.trim()),
      webhookSecret: body.webhook_secret === null ? null : Redacted.make(body.webhook_secret),
      installUrl: installUrlOf(body.html_url)
    }
  })

  return { app, convert } satisfies CodeHostSetup["Service"]
})
