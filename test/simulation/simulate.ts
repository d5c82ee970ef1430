import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as t from "../support/memory/tables.ts"
import { follow } from "./world/agent.ts"
import { checkCommit, checkEnd, checkRun, isOver } from "./world/invariants.ts"
import { people } from "./world/people.ts"
import { planOf } from "./world/plan.ts"
import { teamKey } from "./world/Upstreams.ts"
import { World } from "./world/World.ts"

export interface Simulated {
  readonly seed: number
  readonly violations: ReadonlyArray<string>
  readonly log: ReadonlyArray<string>
  readonly outcomes: ReadonlyArray<string>
  readonly turns: number
}

const minute = 60_000
const maxCalm = 8 * 60 * minute

const seeLines = (world: World, changes: Parameters<World["store"]["onCommit"]>[0]) => {
  for (const { after, table } of changes) {
    if (table.name !== "dispatch_events" || after === null) continue
    const { dispatchId, message, type } = after as t.StoredEvent
    const row = world.store.rows(t.dispatches).get(dispatchId) as t.StoredDispatch
    world.trace(`${row.issueIdentifier}: ${type}: ${message}`)
  }
}

/** One world from its seed: some trouble, then calm, until nothing is under way any more. */
export const simulate = async (seed: number, traced = false): Promise<Simulated> => {
  const world = new World(seed, planOf, traced)
  const { hosts, plan, store, time, upstreams } = world
  world.trace(JSON.stringify(plan))
  const at = DateTime.makeUnsafe(time.now)
  store.rows(t.mappings).set(teamKey, { teamKey, ...plan.mapping, createdAt: at, updatedAt: at })
  store.rows(t.instance).set(t.instanceKey, t.noInstance)
  store.onCommit = (changes) => {
    if (traced) seeLines(world, changes)
    checkCommit(world, changes)
  }
  const outside = Effect.runForkWith(hosts.base)
  upstreams.onRun = (run) => {
    checkRun(world, run)
    outside(follow(world, run))
  }
  for (let index = 0; index < plan.issues; index++) {
    time.after(index === 0 ? 0 : world.chance.int(4 * minute), () => void upstreams.addIssue())
  }
  hosts.start()
  outside(people(world))
  let over = false
  const look = () => {
    if (world.violations.length > 0 || isOver(world)) over = true
    else time.after(minute, look)
  }
  time.after(plan.troubled * minute, () => {
    world.trace("calm")
    world.calm = true
    upstreams.renamed = false
    time.after(3 * minute, look)
  })
  const limit = time.now + plan.troubled * minute + maxCalm
  await time.run(() => over || time.now > limit)
  checkEnd(world)
  return {
    seed,
    violations: world.violations,
    log: world.log ?? [],
    outcomes: store.all(t.dispatches).map(({ outcome }) => outcome?.reason ?? "none"),
    turns: time.turns
  }
}
