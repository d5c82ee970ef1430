import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Tracer from "effect/Tracer"
import { WorkflowInstance } from "effect/workflow/WorkflowEngine"
import { flushCompileCache } from "node:module"
import * as App from "../../src/App.ts"
import { CommentPolicy } from "../../src/dispatching/comments/policy.ts"
import { LaunchPolicy } from "../../src/dispatching/lifecycle/launch.ts"
import { MonitorPolicy } from "../../src/dispatching/lifecycle/observe.ts"
import { StepRetry } from "../../src/dispatching/lifecycle/step.ts"
import { StopPolicy } from "../../src/dispatching/lifecycle/stopActivity.ts"
import { PassSpacing } from "../../src/dispatching/poller/Poller.ts"
import { QuestionPolicy } from "../../src/dispatching/questions/policy.ts"
import { NotificationPolicy } from "../../src/messaging/Notifications/policy.ts"
import { runMain } from "../../src/platform/runMain.ts"
import { LaunchTimeout } from "../../src/upstreams/client/call.ts"
import { Orders, type Point } from "./orders.ts"

const millis = Duration.millis
const [leaseMargin = "300", launchTimeout = "700"] = process.argv.slice(2)

const retry = { retryBase: millis(100), retryMax: Duration.seconds(1) }
const often = { interval: millis(200), ...retry }

const policies = Layer.mergeAll(
  Layer.succeed(LaunchPolicy, {
    leaseMargin: millis(Number(leaseMargin)),
    lookupGap: millis(200),
    absenceAfterLease: millis(300),
    undecidedAfter: Duration.seconds(30)
  }),
  Layer.succeed(MonitorPolicy, {
    runInterval: millis(200),
    machineInterval: millis(200),
    pullRequestInterval: Duration.seconds(5),
    neverStartedAfter: Duration.seconds(60),
    machineNeverStartedAfter: Duration.seconds(60),
    placeGoneAfter: Duration.minutes(1),
    pullRequestLooks: [millis(0), millis(300), millis(600)]
  }),
  Layer.succeed(StopPolicy, { forceAfter: Duration.seconds(1), notConfirmedAfter: Duration.seconds(3) }),
  Layer.succeed(StepRetry, {
    ...retry,
    giveUpAfter: Duration.minutes(1),
    refusedWait: millis(200),
    maxRefusals: 3
  }),
  Layer.succeed(QuestionPolicy, {
    ...often,
    giveUpAfter: Duration.minutes(1),
    unreadThreadAfter: Duration.seconds(5)
  }),
  Layer.succeed(CommentPolicy, { ...often, giveUpAfter: Duration.hours(1) }),
  Layer.succeed(NotificationPolicy, { ...often, timeout: Duration.seconds(1), maxAttempts: 8 }),
  Layer.succeed(LaunchTimeout, millis(Number(launchTimeout)))
)

const ours = /^[A-Z]\w*(?:\.\w+)+$/
let seen = new Map<unknown, Map<string, number>>()
let orders: Orders = { dieAt: null, freezeAt: null, haltAt: [], report: false }
const halted = new Set<unknown>()

const isAt = (point: Point, at: Point | null) =>
  at?.span === point.span && at.nth === point.nth && at.edge === point.edge

/** Dies or freezes here when so ordered: the signal is taken before the next instruction. */
const pass = (point: Point) => {
  const { dieAt, freezeAt, report } = orders
  if (report) process.send?.(point)
  if (isAt(point, dieAt)) process.kill(process.pid, "SIGKILL")
  if (isAt(point, freezeAt)) process.kill(process.pid, "SIGSTOP")
}

/** Of one dispatch: its workflow, or the request of a runner or an operator. */
const ownerOf = ({ context }: Fiber.Fiber<unknown, unknown>) =>
  Option.getOrUndefined(Context.getOption(context, WorkflowInstance))?.executionId ??
  Option.getOrUndefined(Context.getOption(context, HttpServerRequest.HttpServerRequest))

/** Halts the fiber here, when that is ordered and nothing of its owner has halted. */
const passOwn = (point: Point, owner: unknown, fiber: Fiber.Fiber<unknown, unknown>) => {
  const index = orders.haltAt.findIndex((at) => isAt(point, at))
  if (index < 0 || halted.has(owner)) return
  orders = { ...orders, haltAt: orders.haltAt.toSpliced(index, 1) }
  halted.add(owner).add(fiber)
  process.send?.({ halted: point })
}

const count = (owner: unknown, name: string) => {
  const counts = seen.get(owner) ?? new Map<string, number>()
  const nth = (counts.get(name) ?? 0) + 1
  seen.set(owner, counts.set(name, nth))
  return nth
}

class Step extends Tracer.NativeSpan {
  readonly counted = seen
  readonly owner: unknown
  readonly nth: number
  readonly own: number | undefined
  constructor(options: ConstructorParameters<typeof Tracer.NativeSpan>[0]) {
    super(options)
    const fiber = Fiber.getCurrent()
    this.owner = fiber && ownerOf(fiber)
    this.nth = count(null, this.name)
    this.own = this.owner === undefined ? undefined : count(this.owner, this.name)
    this.#pass("start")
  }
  override end(...args: Parameters<Tracer.NativeSpan["end"]>) {
    const now = this.status._tag === "Started" && this.counted === seen
    super.end(...args)
    if (now) this.#pass("end")
  }
  #pass(edge: Point["edge"]) {
    const { name: span, nth, own, owner } = this
    pass({ span, nth, edge, ...(own !== undefined && { own }) })
    const fiber = Fiber.getCurrent()
    if (own !== undefined && fiber) passOwn({ span, nth: own, edge }, owner, fiber)
  }
}

const evaluate = "~effect/Effect/evaluate"

/** Of a halted fiber nothing is evaluated any more, not even its interruption. */
const never = Effect.never as unknown as Tracer.EffectPrimitive<never>

const tracer = Tracer.make({
  span: (options) => (ours.test(options.name) ? new Step(options) : new Tracer.NativeSpan(options)),
  context: (primitive, fiber) => (halted.has(fiber) ? never[evaluate](fiber) : primitive[evaluate](fiber))
})

const decodeOrders = Schema.decodeUnknownSync(Orders)

/** The service waits for its first orders; later ones count from zero again. */
const ordered = Effect.callback<void>((resume) => {
  process.on("message", (message) => {
    orders = decodeOrders(message)
    seen = new Map()
    resume(Effect.void)
  })
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"))
  flushCompileCache()
})

runMain(
  ordered.pipe(
    Effect.andThen(Layer.launch(App.layer)),
    Effect.provide(policies),
    Effect.provideService(PassSpacing, Duration.zero),
    Effect.provideService(Tracer.Tracer, tracer)
  )
)
