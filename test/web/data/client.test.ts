import * as DateTime from "effect/DateTime"
import { assert, beforeEach, it } from "vitest"
import { signIn, signOut } from "../../../web/data/auth.ts"
import { connect } from "../../../web/data/client.ts"
import { getDispatch, listDispatches } from "../../../web/data/dispatches.ts"
import { asFailure, type Failure } from "../../../web/data/Failure.ts"
import { getOverview, saveSettings } from "../../../web/data/operations.ts"
import { send } from "../../../web/data/raw.ts"
import { session } from "../../../web/data/session.ts"
import { refusal, Service, unauthorized } from "../support/Service.ts"

let service: Service

const failing = async (call: Promise<unknown>): Promise<Failure> =>
  call.then(
    () => assert.fail("the call succeeded"),
    (thrown: unknown) => asFailure(thrown)
  )

beforeEach(async () => {
  localStorage.clear()
  service = new Service()
  connect(service.layer)
  await signIn("code", " Kim ")
})

it("signs in with the code and the name, and stores the session and the name", () => {
  assert.deepStrictEqual(service.called("POST /api/auth")[0]?.body, { code: "code", name: "Kim" })
  assert.strictEqual(session.current?.token, "token")
  assert.strictEqual(session.rememberedName, "Kim")
  assert.match(localStorage.getItem("ai-implement.session") ?? "", /"token":"token"/)
})

it("sends the token with every call and decodes the answer", async () => {
  const dispatches = await listDispatches({ team: "OPS" })
  assert.deepStrictEqual(
    dispatches.map(({ issueIdentifier }) => issueIdentifier),
    ["OPS-118"]
  )
  assert.strictEqual(service.called("GET /api/log")[0]?.token, "token")
  assert.strictEqual(service.called("GET /api/log")[0]?.query, "?team=OPS")
})

it("clears the session when the service refuses its token", async () => {
  service.answers("GET /api/overview", unauthorized)
  const failure = await failing(getOverview())
  assert.strictEqual(failure.kind, "signed-out")
  assert.isNull(session.current)
  assert.strictEqual(session.endedBecause, "refused")
  assert.notInclude(localStorage.getItem("ai-implement.session"), "token")
})

for (const [what, call] of [
  ["of a page", () => getOverview().catch(asFailure)],
  ["written by hand", () => send("GET", "/api/overview")]
] as const) {
  it(`ends no newer session when a call ${what} is refused`, async () => {
    service.answers("GET /api/overview", unauthorized)
    const refused = call()
    session.begin({ token: "newer", expiresAt: DateTime.add(DateTime.nowUnsafe(), { hours: 1 }), name: null })
    await refused
    assert.strictEqual(service.called("GET /api/overview")[0]?.token, "token")
    assert.strictEqual(session.current?.token, "newer")
  })
}

it("signs out here at once, and on the service", async () => {
  const ended = signOut()
  assert.isNull(session.current)
  assert.notInclude(localStorage.getItem("ai-implement.session"), "token")
  await ended
  assert.strictEqual(service.called("DELETE /api/auth")[0]?.token, "token")
})

it("shows the sentence of a refusal, also of one that the route does not declare", async () => {
  const [{ id } = assert.fail("no sample")] = service.dispatches
  service.answers(`GET /api/dispatches/${id}`, refusal(404, "NotFound", "There is no such dispatch."))
  assert.strictEqual((await failing(getDispatch(id))).message, "There is no such dispatch.")
  service.answers("GET /api/overview", refusal(404, "AdminDisabled", "Set ADMIN_ACCESS_CODE and restart."))
  const undeclared = await failing(getOverview())
  assert.strictEqual(undeclared.message, "Set ADMIN_ACCESS_CODE and restart.")
  assert.strictEqual(undeclared.kind, "refused")
})

for (const [what, call, path] of [
  ["a form", () => saveSettings({ flySessionsApp: "Bad App!" }), "flySessionsApp"],
  ["an id in the address", () => getDispatch("not-there"), "id"],
  ["a filter", () => listDispatches({ team: "b ad!" }), "team"]
] as const) {
  it(`names the field of ${what} that the schema rejects, and sends nothing`, async () => {
    const before = service.calls.length
    const { issues, kind, message, name } = await failing(call())
    assert.deepStrictEqual([kind, name, issues.map((issue) => issue.path)], ["refused", "Invalid", [path]])
    assert.match(message, /^Nothing was sent: \w+ must be /)
    assert.strictEqual(service.calls.length, before)
  })
}

it("distinguishes an unreachable service from one that answers something unknown", async () => {
  service.answers("GET /api/overview", { status: 200, body: { version: 1 } })
  assert.strictEqual((await failing(getOverview())).kind, "outdated")
  service.answers("GET /api/overview", { status: 502, body: "bad gateway" })
  assert.strictEqual((await failing(getOverview())).kind, "unreachable")
  service.unreachable = true
  assert.strictEqual((await failing(getOverview())).kind, "unreachable")
})

it("makes no session for a wrong code", async () => {
  session.end("left")
  service.answers("POST /api/auth", refusal(401, "InvalidAccessCode", "This is not the access code."))
  const failure = await failing(signIn("wrong", ""))
  assert.strictEqual(failure.message, "This is not the access code.")
  assert.isNull(session.current)
})
