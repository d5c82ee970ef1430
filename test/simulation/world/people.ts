import * as Effect from "effect/Effect"
import type { Upstream } from "../../../src/domain/Reason.ts"
import { labels } from "../../../src/domain/Labels.ts"
import { DispatchCommands } from "../../../src/dispatching/commands/DispatchCommands.ts"
import { IssueCommands } from "../../../src/dispatching/commands/IssueCommands.ts"
import { Passes } from "../../../src/dispatching/poller/Passes.ts"
import { Questions } from "../../../src/dispatching/questions/Questions.ts"
import * as t from "../../support/memory/tables.ts"
import { request } from "./agent.ts"
import type { Served } from "./service.ts"
import { pickup, type TrueIssue } from "./Upstreams.ts"
import type { World } from "./World.ts"

const second = 1000
const minute = 60 * second
const operator = { name: "Olga", session: null, address: null }

const until = (world: World, pause: () => number, act: () => Effect.Effect<unknown>) =>
  Effect.gen(function* () {
    for (;;) {
      yield* Effect.sleep(pause())
      if (world.calm) return
      yield* act()
    }
  })

const operators = (world: World) => {
  const { chance, plan, store } = world
  const command = <A, E>(what: string, effect: Effect.Effect<A, E, Served>) => {
    world.trace(`an operator: ${what}`)
    const once = request(world, effect)
    return world.mishap(plan.duplicate) ? Effect.all([once, once], { concurrency: 2 }) : once
  }
  const issueOf = (id: string) => {
    const issue = world.upstreams.issues.find((each) => each.id === id)
    issue?.was.add("commanded")
  }
  return (): Effect.Effect<unknown> => {
    const rows = store.all(t.dispatches)
    if (world.upstreams.issues.length === 0) return Effect.void
    const issue = chance.pick(world.upstreams.issues)
    switch (
      chance.pick([
        "cancel",
        "cancel",
        "retry",
        "dispatch",
        "unpark",
        "dedup",
        "approve",
        "reject",
        "answer",
        "poll"
      ] as const)
    ) {
      case "cancel": {
        const live = rows.filter(({ outcome }) => outcome === null)
        if (live.length === 0) return Effect.void
        const { id, issueIdentifier } = chance.pick(live)
        return command(
          `cancel ${issueIdentifier}`,
          Effect.flatMap(DispatchCommands, (commands) => commands.cancel(id, operator))
        )
      }
      case "retry": {
        const settled = rows.filter(({ settledAt }) => settledAt !== null)
        if (settled.length === 0) return Effect.void
        const { id, issueId, issueIdentifier } = chance.pick(settled)
        issueOf(issueId)
        return command(
          `retry ${issueIdentifier}`,
          Effect.flatMap(IssueCommands, (commands) => commands.retry(id, operator))
        )
      }
      case "dispatch":
        issueOf(issue.id)
        return command(
          `dispatch ${issue.identifier}`,
          Effect.flatMap(IssueCommands, (commands) => commands.dispatch({ issue: issue.id, by: operator }))
        )
      case "unpark":
        issueOf(issue.id)
        return command(
          `un-park ${issue.identifier}`,
          Effect.flatMap(IssueCommands, (commands) => commands.unpark(issue.id, operator))
        )
      case "dedup":
        issueOf(issue.id)
        return command(
          `remove ${issue.identifier} from dedup`,
          Effect.flatMap(IssueCommands, (commands) => commands.removeFromDedup(issue.id, operator))
        )
      case "approve":
        return command(
          `approve ${issue.identifier}`,
          Effect.flatMap(IssueCommands, (commands) => commands.approve(issue.id, operator))
        )
      case "reject":
        return command(
          `reject ${issue.identifier}`,
          Effect.flatMap(IssueCommands, (commands) => commands.reject(issue.id, "Shorter", operator))
        )
      case "answer": {
        const open = store.all(t.questions)
        if (open.length === 0) return Effect.void
        const { id } = chance.pick(open)
        return command(
          "answer a question",
          Effect.flatMap(Questions, (questions) =>
            questions.answer(id, `answer ${chance.int(1000)}`, operator)
          )
        )
      }
      case "poll":
        return request(
          world,
          Effect.flatMap(Passes, (passes) => passes.request("webhook"))
        )
    }
  }
}

const inLinear = (world: World) => {
  const { chance, upstreams } = world
  const change = (issue: TrueIssue, what: string, set: () => void) =>
    Effect.sync(() => {
      world.trace(`a person: ${what} ${issue.identifier}`)
      set()
    })
  return (): Effect.Effect<void> => {
    if (upstreams.issues.length === 0) return Effect.void
    const issue = chance.pick(upstreams.issues)
    switch (
      chance.weighted({
        unlabel: 3,
        label: 4,
        cancel: 1,
        complete: 1,
        reopen: 2,
        delete: 0.4,
        approve: 3,
        replan: 1,
        reply: 6,
        merge: 1,
        close: 1
      })
    ) {
      case "unlabel":
        return change(issue, "takes the label off", () => {
          issue.was.add("unlabelled")
          issue.labels = issue.labels.filter((label) => label !== pickup)
        })
      case "label":
        return change(issue, "labels", () => {
          if (!issue.labels.includes(pickup)) issue.labels = [...issue.labels, pickup]
        })
      case "cancel":
      case "complete":
        return change(issue, "closes", () => {
          issue.was.add("closed")
          issue.state = chance.pick(["canceled", "completed"])
        })
      case "reopen":
        return change(issue, "reopens", () => {
          if (issue.state !== "started") issue.state = "unstarted"
        })
      case "delete":
        return change(issue, "deletes", () => {
          issue.was.add("deleted")
          issue.deleted = true
        })
      case "approve":
        return change(issue, "approves the plan of", () => {
          issue.labels = [...new Set([...issue.labels, labels.planApproved])]
        })
      case "replan":
        return change(issue, "asks for another plan of", () => {
          issue.labels = issue.labels.filter((label) => label !== labels.planComplete)
        })
      case "reply": {
        const asked = [...upstreams.comments].filter(
          ([, { by, parentId }]) => by === null && parentId === null
        )
        if (asked.length === 0) return Effect.void
        const [parentId, { issueId }] = chance.pick(asked)
        const comment = {
          issueId,
          parentId,
          body: `reply ${chance.int(1000)}`,
          by: "Petra",
          at: world.time.now
        }
        return Effect.sync(() => void upstreams.comments.set(world.uuid(), comment))
      }
      case "merge":
      case "close": {
        const open = upstreams.pulls.filter(({ state }) => state === "open")
        if (open.length === 0) return Effect.void
        const pull = chance.pick(open)
        return change(issue, "ends a pull request beside", () => {
          pull.state = chance.pick(["merged", "closed"])
        })
      }
    }
  }
}

const outages = (world: World) => () =>
  Effect.sync(() => {
    const { chance, plan, time, upstreams } = world
    if (!chance.is(plan.outage)) return
    if (chance.is(0.2)) {
      world.trace("the repository is renamed")
      upstreams.renamed = true
      time.after(chance.between(1, 12) * minute, () => {
        upstreams.renamed = false
      })
    } else upstreams.outage(chance.pick<Upstream>(["linear", "github"]), chance.int(10 * minute))
  })

/** People and vendors act until the calm. */
export const people = (world: World) => {
  const { chance, plan } = world
  const often = (least: number) => () => (least * (0.5 + chance.next())) / Math.max(plan.people, 0.05)
  return Effect.all(
    [
      ...(plan.people > 0
        ? [
            until(world, often(3 * minute), operators(world)),
            until(world, often(2 * minute), inLinear(world))
          ]
        : []),
      ...(plan.outage > 0 ? [until(world, () => chance.between(3, 15) * minute, outages(world))] : [])
    ],
    { concurrency: "unbounded", discard: true }
  )
}
