import { assert } from "@effect/vitest"
import { createAppAuth } from "@octokit/auth-app"
import { Octokit } from "@octokit/rest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import { generateKeyPairSync } from "node:crypto"
import { GitHub, type Options } from "../../src/sandbox/GitHub.ts"

export const keys = generateKeyPairSync("rsa", { modulusLength: 2048 })
const privateKey = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString()
const publicKey = keys.publicKey.export({ type: "spki", format: "pem" }).toString()

export const inputs = ["issue_id", "issue_identifier", "issue_title", "dispatch_id", "branch"]
export const shop = { owner: "acme", repo: "shop" }
export const workflow_id = "claude-implement.yml"

export const setup = (options: Partial<Options> = {}) =>
  Effect.gen(function* () {
    const github = yield* GitHub.make({
      apps: [{ appId: 7, key: publicKey }],
      repositories: [
        { ...shop, defaultBranch: "main", workflows: [{ file: workflow_id, name: "Implement", inputs }] },
        { owner: "acme", repo: "blog" }
      ],
      agent: "manual",
      ...options
    })
    const log = { debug() {}, info() {}, warn() {}, error() {} }
    const app = new Octokit({
      baseUrl: github.url,
      log,
      authStrategy: createAppAuth,
      auth: { appId: 7, privateKey }
    })
    const { data } = yield* Effect.promise(() => app.rest.apps.getRepoInstallation(shop))
    const token = (narrowed: object = {}) =>
      Effect.promise(() =>
        app.rest.apps.createInstallationAccessToken({ installation_id: data.id, ...narrowed })
      ).pipe(Effect.map((answer) => answer.data))
    const { token: auth } = yield* token()
    const octokit = new Octokit({ baseUrl: github.url, log, auth })
    const dispatch = (given: Record<string, string> = {}) =>
      call(() =>
        octokit.rest.actions.createWorkflowDispatch({
          ...shop,
          workflow_id,
          ref: "main",
          inputs: given,
          return_run_details: true
        })
      )
    return { github, app, octokit, token, dispatch, log, installation: data.id }
  })

export interface RequestFailure {
  readonly status: number
  readonly message: string
  readonly response?: { readonly headers: Readonly<Record<string, string>> }
}

export const call = <A>(request: () => Promise<A>) =>
  Effect.tryPromise({ try: request, catch: (cause) => cause as RequestFailure })

export const refused = (status: number, message: string | RegExp, request: () => Promise<unknown>) =>
  Effect.gen(function* () {
    const result = yield* Effect.result(call(request))
    assert.isTrue(Result.isFailure(result), `${message} was expected, but it was accepted`)
    if (Result.isFailure(result)) {
      assert.strictEqual(result.failure.status, status)
      if (typeof message === "string") assert.include(result.failure.message, message)
      else assert.match(result.failure.message, message)
    }
  })

// Octokit signs with the machine's clock.
export const setClock = Effect.flatMap(Clock.Clock.defaultValue().currentTimeMillis, TestClock.setTime)

export const issue = {
  issue_id: "i-42",
  issue_identifier: "ENG-42",
  issue_title: "Add search",
  dispatch_id: "d-1",
  branch: "ai-implement/eng-42-add-search"
}
