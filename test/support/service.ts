import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Tracer from "effect/Tracer"
import { flushCompileCache } from "node:module"
import * as App from "../../src/App.ts"
import { CommentPolicy } from "../../src/dispatching/comments/policy.ts"
import { Policy } from "../../src/dispatching/lifecycle/policy.ts"
import { NotificationPolicy } from "../../src/messaging/Notifications/policy.ts"
import { runMain } from "../../src/platform/runMain.ts"
import { LaunchTimeout } from "../../src/upstreams/client/call.ts"
import { Orders, type Point } from "./orders.ts"

const millis = Duration.millis
const [leaseMargin = "300"] = process.argv.slice(2)

const short: Policy = {
  leaseMargin: millis(Number(leaseMargin)),
  lookupGap: millis(200),
  absenceAfterLease: millis(300),
  undecidedAfter: Duration.seconds(30),
  neverStartedAfter: Duration.seconds(60),
  machineNeverStartedAfter: Duration.seconds(60),
  forceAfter: Duration.seconds(1),
  notConfirmedAfter: Duration.seconds(3),
  placeGoneAfter: Duration.minutes(1),
  pullRequestLooks: [millis(0), millis(300), millis(600)],
  retryBase: millis(100),
  retryMax: Duration.seconds(1),
  giveUpAfter: Duration.minutes(1),
  monitorInterval: millis(200),
  machineInterval: millis(200),
  pullRequestInterval: Duration.seconds(5),
  reaperInterval: Duration.minutes(1),
  questionInterval: millis(200),
  unreadThreadAfter: Duration.seconds(5)
}

const often = { interval: millis(200), retryBase: millis(100), retryMax: Duration.seconds(1) }

const ours = /^[A-Z]\w*(?:\.\w+)+$/
let seen = new Map<string, number>()
let orders: Orders = { dieAt: null, freezeAt: null, report: false }

const isAt = (point: Point, at: Point | null) =>
  at?.span === point.span && at.nth === point.nth && at.edge === point.edge

/** Dies or freezes here when so ordered: the signal is taken before the next instruction. */
const pass = (point: Point) => {
  const { dieAt, freezeAt, report } = orders
  if (report) process.send?.(point)
  if (isAt(point, dieAt)) process.kill(process.pid, "SIGKILL")
  if (isAt(point, freezeAt)) process.kill(process.pid, "SIGSTOP")
}

class Step extends Tracer.NativeSpan {
  readonly nth: number
  readonly counted = seen
  constructor(options: ConstructorParameters<typeof Tracer.NativeSpan>[0]) {
    super(options)
    this.nth = (seen.get(options.name) ?? 0) + 1
    seen.set(options.name, this.nth)
    pass({ span: options.name, nth: this.nth, edge: "start" })
  }
  override end(...args: Parameters<Tracer.NativeSpan["end"]>) {
    const now = this.status._tag === "Started" && this.counted === seen
    super.end(...args)
    if (now) pass({ span: this.name, nth: this.nth, edge: "end" })
  }
}

const tracer = Tracer.make({
  span: (options) => (ours.test(options.name) ? new Step(options) : new Tracer.NativeSpan(options))
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
    Effect.provideService(Policy, short),
    Effect.provideService(CommentPolicy, { ...often, giveUpAfter: Duration.hours(1) }),
    Effect.provideService(NotificationPolicy, { ...often, timeout: Duration.seconds(1), maxAttempts: 8 }),
    Effect.provideService(LaunchTimeout, millis(700)),
    Effect.provideService(Tracer.Tracer, tracer)
  )
)
