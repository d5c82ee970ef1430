import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { createRemoteJWKSet, jwtVerify } from "jose"
import { issue, setup, shop } from "../support/githubSandbox.ts"

const audience = "https://ai-implement.test"

const started = Effect.gen(function* () {
  const { dispatch, github, octokit } = yield* setup()
  yield* dispatch(issue)
  const run = github.runs()[0]?.id ?? 0
  const issuer = github.oidcIssuer()
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks`))
  const verify = (token: string, expected: object = { issuer, audience }) =>
    Effect.tryPromise(() => jwtVerify(token, keys, { algorithms: ["RS256"], ...expected }))
  const { data: repository } = yield* Effect.promise(() => octokit.rest.repos.get(shop))
  return { github, run, issuer, verify, repository }
})

it.live("a job's token verifies against the issuer's keys and says which run and workflow it is of", () =>
  Effect.gen(function* () {
    const { github, issuer, repository, run, verify } = yield* started
    const { payload } = yield* verify(yield* github.jobToken(run, { audience }))
    assert.deepInclude(payload, {
      iss: issuer,
      aud: audience,
      sub: "repo:acme/shop:ref:refs/heads/main",
      repository: "acme/shop",
      repository_id: String(repository.id),
      repository_owner: "acme",
      event_name: "workflow_dispatch",
      run_id: String(run),
      run_attempt: "1",
      workflow_ref: "acme/shop/.github/workflows/claude-implement.yml@refs/heads/main",
      job_workflow_ref: "acme/shop/.github/workflows/ai-implement-report.yml@refs/heads/main"
    })
    const again = yield* verify(yield* github.jobToken(run, { audience }))
    assert.notStrictEqual(again.payload.jti, payload.jti)
  })
)

it.live("a token can be asked for with other claims, or signed by a key that is not the issuer's", () =>
  Effect.gen(function* () {
    const { github, run, verify } = yield* started
    const other = yield* github.jobToken(run, { audience, claims: { run_id: "1", jti: undefined } })
    const { payload } = yield* verify(other)
    assert.strictEqual(payload["run_id"], "1")
    assert.notProperty(payload, "jti")
    const forged = yield* github.jobToken(run, { audience, forged: true })
    assert.isTrue(Result.isFailure(yield* Effect.result(verify(forged))))
    const late = yield* github.jobToken(run, { audience, claims: { exp: 1 } })
    assert.isTrue(Result.isFailure(yield* Effect.result(verify(late))))
  })
)

it.live("the token of a comment's job names its event and its workflow", () =>
  Effect.gen(function* () {
    const { github, verify } = yield* started
    const { payload } = yield* verify(yield* github.commentToken(shop, { audience }))
    const file = "acme/shop/.github/workflows/ai-implement-comment.yml@refs/heads/main"
    assert.deepInclude(payload, { event_name: "issue_comment", workflow_ref: file, job_workflow_ref: file })
  })
)
