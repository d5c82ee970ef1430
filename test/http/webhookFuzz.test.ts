import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as SqlClient from "effect/sql/SqlClient"
import * as fc from "fast-check"
import { createHmac, randomUUID } from "node:crypto"
import { Mappings } from "../../src/admin/Mappings.ts"
import { TeamKey } from "../../src/domain/Ids.ts"
import { similarBytes } from "../support/similar.ts"
import { isObject } from "./schemaFuzz.ts"
import { Asked, send, server } from "../support/httpServer.ts"

const hmac = (secret: string, body: Uint8Array) => createHmac("sha256", secret).update(body).digest("hex")

const person = {
  id: "6f1c0f6e-0000-4000-8000-000000000001",
  name: "Ada",
  email: "ada@example.test",
  type: "user"
}
const team = { id: "7f1c0f6e-0000-4000-8000-000000000001", key: "ENG", name: "Engineering" }

const linear = {
  action: "update",
  actor: person,
  createdAt: "2026-01-02T03:04:05.678Z",
  organizationId: "8f1c0f6e-0000-4000-8000-000000000001",
  webhookId: "9f1c0f6e-0000-4000-8000-000000000001",
  webhookTimestamp: 0,
  url: "https://linear.test/ENG-1",
  data: {
    id: "5d1c0f6e-0000-4000-8000-000000000042",
    number: 1,
    identifier: "ENG-1",
    title: "Add a login",
    description: "By mail.",
    priority: 2,
    labelIds: ["1d1c0f6e-0000-4000-8000-000000000042"],
    labels: [{ id: "1d1c0f6e-0000-4000-8000-000000000042", name: "AI-Implement", color: "#fff" }],
    state: { id: "2d1c0f6e-0000-4000-8000-000000000042", name: "Todo", type: "unstarted" },
    team
  },
  updatedFrom: { labelIds: [], updatedAt: "2026-01-02T03:04:05.678Z" }
}

const command = "/ai-implement again"
const repository = {
  id: 1,
  name: "App",
  full_name: "Acme/App",
  private: true,
  owner: { login: "Acme", id: 2, type: "Organization" }
}
const sender = { login: "ada", id: 3, type: "User" }
const common = { repository, sender, installation: { id: 9 } }

const github = {
  workflow_run: {
    action: "completed",
    workflow_run: {
      id: 42,
      event: "workflow_dispatch",
      status: "completed",
      conclusion: "success",
      head_branch: "main",
      path: ".github/workflows/claude-implement.yml"
    },
    ...common
  },
  pull_request: {
    action: "opened",
    number: 12,
    pull_request: {
      id: 5,
      number: 12,
      draft: false,
      merged: false,
      head: { ref: "ai-implement/eng-1", sha: "abc" }
    },
    ...common
  },
  issue_comment: {
    action: "created",
    issue: {
      id: 5,
      number: 12,
      title: "ENG-1: Add a login",
      pull_request: { url: "https://github.test/pulls/12" }
    },
    comment: { id: 99, body: command, user: sender, author_association: "MEMBER" },
    ...common
  }
}

interface Delivery {
  readonly source: "linear" | "github"
  readonly event: string
  readonly body: Uint8Array
}

const looked = ["Issue", "Comment", "IssueLabel"]

const deliveryOf = (source: Delivery["source"], event: string, payload: object) =>
  similarBytes(payload).map((body): Delivery => ({ source, event, body }))

const deliveries = fc.oneof(
  fc.oneof(...[...looked, "Project"].map((type) => deliveryOf("linear", type, { ...linear, type }))),
  {
    weight: 2,
    arbitrary: fc.oneof(
      ...Object.entries(github).map(([event, payload]) => deliveryOf("github", event, payload))
    )
  }
)

const post = ({ body, event, source }: Delivery) => {
  const id = randomUUID()
  const headers: Record<string, string> =
    source === "linear"
      ? { "linear-delivery": id, "linear-event": event, "linear-signature": hmac("of-linear", body) }
      : {
          "x-github-delivery": id,
          "x-github-event": event,
          "x-hub-signature-256": `sha256=${hmac("of-github", body)}`
        }
  return send(`/webhooks/${source}`, { method: "POST", body, headers })
}

const at = (value: unknown, ...path: ReadonlyArray<string>) =>
  path.reduce((found, name) => (isObject(found) ? found[name] : undefined), value)

/** The only team of an event, where it names one. */
const teamOf = (event: unknown) => {
  const data = isObject(event) ? event["data"] : undefined
  const key = [at(data, "team", "key"), at(data, "issue", "team", "key")].find(
    (found) => typeof found === "string"
  )
  const former = at(event, "updatedFrom")
  const isReadable = former === undefined || former === null || isObject(former)
  return isReadable && at(former, "teamId") === undefined ? key : undefined
}

/** What a webhook that was taken for the first time may lead to. */
const leadsTo = ({ body, event, source }: Delivery) => {
  const parsed: unknown = JSON.parse(new TextDecoder().decode(body))
  if (source === "linear") {
    const concerns =
      looked.includes(String(at(parsed, "type"))) && [undefined, team.key].includes(teamOf(parsed))
    return concerns ? ["pass by webhook"] : []
  }
  switch (event) {
    case "workflow_run":
      return at(parsed, "workflow_run", "event") === "workflow_dispatch" ? ["notify monitor"] : []
    case "pull_request":
      return ["notify pull-requests"]
  }
  const commanded = at(parsed, "action") === "created" && at(parsed, "comment", "body") === command
  return commanded && at(parsed, "issue", "pull_request") !== undefined ? ["notify comments"] : []
}

layer(server({ LINEAR_WEBHOOK_SECRET: "of-linear", GITHUB_WEBHOOK_SECRET: "of-github" }))(
  "a well-signed webhook",
  (it) => {
    it.effect(
      "with any body is accepted or refused, never with a 5xx, and leads only to what it contains",
      () =>
        Effect.gen(function* () {
          const asked = yield* Asked
          const sql = yield* SqlClient.SqlClient
          const statuses = new Set<string>()
          const taken = new Set<string>()
          yield* (yield* Mappings).save(
            { teamKey: TeamKey.make(team.key), owner: "acme", repo: "app" },
            { name: "Ada", session: null, address: null }
          )
          for (const delivery of fc.sample(deliveries, { numRuns: 700 })) {
            const { body, event, source } = delivery
            const { body: said, status } = yield* post(delivery)
            const parsed = `${status} ${source} ${event} ${Buffer.from(body).toString().slice(0, 500)}: ${said}`
            assert.include([200, 400, 401], status, parsed)
            const signed = `${source} ${hmac("once", body)}`
            const isNew = status === 200 && !taken.has(signed)
            assert.deepStrictEqual(asked.splice(0), isNew ? leadsTo(delivery) : [], parsed)
            if (isNew) taken.add(signed)
            statuses.add(`${source} ${status}`)
          }
          assert.includeMembers([...statuses], ["linear 200", "linear 400", "github 200", "github 400"])
          const stored =
            yield* sql`select state, attempts from comment_triggers where owner = 'acme' and repo = 'app'
            and pr_number = 12 and comment_id = 99`
          assert.deepStrictEqual(stored, [{ state: "pending", attempts: 0 }])
          assert.strictEqual((yield* send("/health/live")).status, 200)
        }),
      60_000
    )
  }
)
