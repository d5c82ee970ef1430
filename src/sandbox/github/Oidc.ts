import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { exportJWK, generateKeyPair, SignJWT } from "jose"
import { randomBytes } from "node:crypto"
import type { Request, Response } from "../Upstream.ts"
import { idOf, type Repository, shaOf, type State } from "./State.ts"

export interface TokenRequest {
  readonly audience: string
  /** Claims that differ from GitHub's; undefined omits one. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** Signed with a key that the issuer does not publish. */
  readonly forged?: boolean
}

export interface Job {
  readonly repository: Repository
  readonly branch: string
  readonly event: "workflow_dispatch" | "issue_comment"
  readonly runId: number
  readonly runNumber: number
  readonly actor: string
  /** The file that the event started, and the one that holds the job: another one where it is reusable. */
  readonly workflow: { readonly name: string; readonly path: string }
  readonly jobPath: string
}

const path = "/_oidc"
const kid = "local-github"
const lifetime = 300
const tolerance = 600

const keyPair = Effect.promise(() => generateKeyPair("RS256", { extractable: true }))

export const makeOidc = Effect.fnUntraced(function* (state: State) {
  const keys = yield* Effect.cached(keyPair)
  const strangers = yield* Effect.cached(keyPair)
  const requests = new Map<string, Job>()
  const issuer = () => `${state.url}${path}`

  const mint = Effect.fnUntraced(function* (job: Job, { audience, claims, forged = false }: TokenRequest) {
    const { branch, repository } = job
    const { privateKey } = yield* forged ? strangers : keys
    const now = Math.floor((yield* Clock.currentTimeMillis) / 1000)
    const ref = `refs/heads/${branch}`
    const sha = repository.branches.get(branch) ?? shaOf(ref)
    const said = {
      iss: issuer(),
      aud: audience,
      sub: `repo:${repository.fullName}:ref:${ref}`,
      jti: crypto.randomUUID(),
      iat: now,
      nbf: now - tolerance,
      exp: now + lifetime,
      actor: job.actor,
      actor_id: String(idOf(job.actor)),
      base_ref: "",
      head_ref: "",
      event_name: job.event,
      ref,
      ref_protected: "false",
      ref_type: "branch",
      repository: repository.fullName,
      repository_id: String(repository.id),
      repository_owner: repository.owner,
      repository_owner_id: String(idOf(repository.owner)),
      repository_visibility: "private",
      run_id: String(job.runId),
      run_number: String(job.runNumber),
      run_attempt: "1",
      runner_environment: "github-hosted",
      sha,
      workflow: job.workflow.name,
      workflow_ref: `${repository.fullName}/${job.workflow.path}@${ref}`,
      workflow_sha: sha,
      job_workflow_ref: `${repository.fullName}/${job.jobPath}@${ref}`,
      job_workflow_sha: sha,
      ...claims
    }
    return yield* Effect.promise(() =>
      new SignJWT(said).setProtectedHeader({ alg: "RS256", kid, typ: "JWT" }).sign(privateKey)
    )
  })

  /** What a job with `id-token: write` finds in its environment. */
  const open = (job: Job) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const token = randomBytes(24).toString("hex")
        requests.set(token, job)
        return { url: `${issuer()}/token?api-version=1`, token }
      }),
      ({ token }) => Effect.sync(() => requests.delete(token))
    )

  const answer = Effect.fnUntraced(function* (request: Request): Effect.fn.Return<Response | undefined> {
    switch (`${request.method} ${request.url.pathname}`) {
      case `GET ${path}/.well-known/openid-configuration`:
        return {
          status: 200,
          body: {
            issuer: issuer(),
            jwks_uri: `${issuer()}/.well-known/jwks`,
            id_token_signing_alg_values_supported: ["RS256"],
            response_types_supported: ["id_token"],
            subject_types_supported: ["public", "pairwise"]
          }
        }
      case `GET ${path}/token`: {
        const job = requests.get((request.headers["authorization"] ?? "").replace(/^Bearer /, ""))
        if (job === undefined) return { status: 401, body: { message: "The job is not known." } }
        const audience = request.url.searchParams.get("audience") ?? ""
        return { status: 200, body: { value: yield* mint(job, { audience }) } }
      }
      case `GET ${path}/.well-known/jwks`: {
        const { publicKey } = yield* keys
        const key = yield* Effect.promise(() => exportJWK(publicKey))
        return { status: 200, body: { keys: [{ ...key, kid, alg: "RS256", use: "sig" }] } }
      }
    }
    return undefined
  })

  return { issuer, mint, open, answer }
})

export type Oidc = Effect.Success<ReturnType<typeof makeOidc>>
