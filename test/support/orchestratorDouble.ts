import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import { Ask, Progress, RunContext } from "../../src/domain/RunnerMessages.ts"
import { Report } from "../../src/domain/Report.ts"
import { type Response, serve } from "../../src/sandbox/Upstream.ts"
import { StoredDispatchId } from "../../src/domain/Ids.ts"

export const dispatchId = StoredDispatchId.make("01937c2e-0000-7000-8000-000000000001")
const questionId = "01937c2e-0000-7000-8000-00000000000a"

export const contextSample: RunContext = {
  dispatchId,
  phase: "implementation",
  trigger: "poll",
  identifier: "ENG-42",
  title: "Add search",
  description: "By title.",
  url: "https://linear.test/acme/issue/ENG-42",
  comments: [],
  parent: null,
  plan: null,
  planFeedback: null,
  previousPlan: null,
  repo: "acme/app",
  ref: "main",
  baseBranch: "main",
  branch: "ai-implement/ENG-42-add-search",
  pullRequest: null,
  followUp: null,
  sessionMode: "autonomous",
  deadlineAt: null,
  maxCostUsd: null,
  maxTurns: null,
  questionsToken: null
}

const encodeContext = Schema.encodeSync(Schema.toCodecJson(RunContext))
const decode = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, text: string) =>
  Effect.orDie(Schema.decodeEffect(Schema.fromJsonString(schema), { onExcessProperty: "error" })(text))

const conflict = (error: string): Response => ({ status: 409, body: { _tag: "Conflict", error } })

export const roleArn = "arn:aws:iam::1:role/agent"

export interface Answers {
  readonly context?: Partial<RunContext>
  readonly answer?: string | null
  readonly machineToken?: string
  /** Valid for git and the code host. */
  readonly vended?: string
}

/** The `/runner` routes as a run sees them, GitHub's issuer of job tokens, and what was said to both. */
export const orchestratorDouble = Effect.fnUntraced(function* ({
  answer = null,
  context = {},
  machineToken = "machine-token-0123456789abcdef",
  vended = "ghs_vended0123456789012345678901234567890123"
}: Answers) {
  const reports: Array<Report> = []
  const steps: Array<string> = []
  const lines: Array<string> = []
  const asked: Array<Ask> = []
  const sizes: Array<{ readonly at: number; readonly bytes: number }> = []
  const used = new Set<string>()
  const state: { claimedBy: string | null; ended: boolean; claims: number; tokens: number } = {
    claimedBy: null,
    ended: false,
    claims: 0,
    tokens: 0
  }
  let issued = 0
  const questionsToken = "questions-token-0123456789abcdef"

  const workerOf = (authorization: string) => {
    const token = authorization.replace(/^Bearer /, "")
    if (token === machineToken) return "machine"
    if (!token.startsWith("job.") || used.has(token)) return null
    used.add(token)
    return token.split(".")[1] ?? null
  }
  const unauthorized: Response = {
    status: 401,
    body: { _tag: "Unauthorized", error: "The token is not ours." }
  }

  const { control, url } = yield* serve({
    name: "Runner",
    operationOf: ({ method, url: { pathname } }) => `${method} ${pathname}`,
    handler: Effect.fnUntraced(function* ({ body, headers, method, url: { pathname, searchParams } }) {
      const authorization = headers["authorization"] ?? ""
      if (pathname === "/_oidc") {
        issued += 1
        const job = authorization.replace(/^Bearer request-/, "")
        return { status: 200, body: { value: `job.${job}.${issued}-${searchParams.get("audience") ?? ""}` } }
      }
      if (pathname === "/_sts") {
        const asked = new URLSearchParams(body)
        const isOurs = asked.get("WebIdentityToken")?.endsWith("-sts.amazonaws.com") === true
        if (!isOurs || asked.get("RoleArn") !== roleArn) return { status: 403, body: { Error: {} } }
        const Credentials = {
          AccessKeyId: "AK",
          SecretAccessKey: "secret-access-key",
          SessionToken: "session-token"
        }
        return {
          status: 200,
          body: { AssumeRoleWithWebIdentityResponse: { AssumeRoleWithWebIdentityResult: { Credentials } } }
        }
      }
      if (pathname.startsWith("/runner/questions")) {
        const token = authorization.replace(/^Bearer /, "")
        if (token !== questionsToken && token !== machineToken) return unauthorized
        if (method === "POST") {
          asked.push(yield* decode(Ask, body))
          return { status: 201, body: { id: questionId, expiresAt: "2126-11-23T12:30:00.000Z" } }
        }
        const closed = answer === null ? "unanswered" : "answered"
        return { status: 200, body: { state: closed, answer, expiresAt: "2126-11-23T12:30:00.000Z" } }
      }
      const worker = workerOf(authorization)
      if (worker === null) return unauthorized
      switch (`${method} ${pathname}`) {
        case "POST /runner/claim": {
          state.claims += 1
          if (state.ended) return conflict("The dispatch is being stopped. End without work.")
          if (state.claimedBy !== null && state.claimedBy !== worker) {
            return conflict("Another run has claimed the dispatch. End without work.")
          }
          state.claimedBy = worker
          const asks = (context.sessionMode ?? "autonomous") !== "autonomous"
          const full = { ...contextSample, ...context, questionsToken: asks ? questionsToken : null }
          return { status: 200, body: { ...Object(encodeContext(full)), fieldOfTomorrow: 1 } }
        }
        case "POST /runner/token":
          state.tokens += 1
          return { status: 200, body: { token: vended, expiresAt: "2126-11-23T12:30:00.000Z" } }
        case "POST /runner/progress": {
          const said = yield* decode(Progress, body)
          if (state.ended) return conflict("The dispatch has ended. End without work.")
          if (said.step !== undefined) steps.push(said.step)
          lines.push(...(said.lines ?? []))
          const now = yield* DateTime.now
          sizes.push({ at: now.epochMilliseconds, bytes: Buffer.byteLength(body) })
          return { status: 200, body: { accepted: true } }
        }
        case "POST /runner/report": {
          const report = yield* decode(Report, body)
          const [first] = reports
          if (first !== undefined && !Equal.equals(first, report))
            return conflict("Another report came first.")
          reports.push(report)
          return { status: 200, body: { accepted: true } }
        }
        case "POST /runner/comment":
          lines.push(body)
          return { status: 202, body: { accepted: true } }
      }
      return { status: 404, body: { _tag: "NotFound", error: `There is no ${method} ${pathname}.` } }
    })
  })
  return { url, control, reports, steps, lines, asked, sizes, state, vended, machineToken, questionsToken }
})
