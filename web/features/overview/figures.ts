import { html, nothing } from "lit"
import type { Overview } from "../../../src/domain/Overview.ts"
import { type IconName, icons } from "../../lib/icons.ts"
import { reasonAppearances } from "../issues/reason-appearances.ts"
import type { Tone } from "../../styles/tones.ts"
import { href } from "../../router/navigation.ts"
import { words } from "../../strings/overview.ts"

export type Waiting = Overview["waiting"][number]

const sum = <A>(of: ReadonlyArray<A>, count: (one: A) => number) =>
  of.reduce((total, one) => total + count(one), 0)

export const counts = (waiting: ReadonlyArray<Waiting>) => {
  const ended = (by: "person" | "itself") =>
    waiting
      .filter(({ reason }) => reasonAppearances[reason].ends === by)
      .toSorted((a, b) => b.count - a.count)
  return { person: ended("person"), itself: ended("itself") }
}

interface Figure {
  readonly icon: IconName
  readonly tone: Tone
  readonly count: number
  readonly name: string
  readonly more: string
  readonly to: string
}

const figure = ({ count, icon, more, name, to, tone }: Figure) =>
  html`<a href=${to}>
    <span class="name">${name}</span>
    <span class="number">
      <span class="shape ${count === 0 ? "neutral" : tone}">${icons[icon]}</span>
      <b>${count}</b>
      ${more === "" ? nothing : html`<span class="muted small">${more}</span>`}
    </span>
  </a>`

/** The five main numbers; each links to what it counts. */
export const figures = ({ outcomes24h, teams, waiting }: Overview) => {
  const { itself, person } = counts(waiting)
  const { day, delivered, running, slots, waiting: byItself, wrong, person: people } = words.figure
  const count = (of: ReadonlyArray<Waiting>) => sum(of, (one) => one.count)
  return html`<nav class="figures" aria-label=${words.figures}>
    ${[
      figure({
        icon: "dot",
        tone: "running",
        count: sum(teams, ({ used }) => used),
        name: running,
        more: slots(sum(teams, ({ cap }) => cap)),
        to: `${href.dispatches}?status=live`
      }),
      figure({
        icon: "bubble",
        tone: "waiting",
        count: count(person),
        name: people,
        more: "",
        to: `${href.issues}?reason=person`
      }),
      figure({
        icon: "clock",
        tone: "neutral",
        count: count(itself),
        name: byItself,
        more: "",
        to: `${href.issues}?reason=itself`
      }),
      figure({
        icon: "cross",
        tone: "failed",
        count: sum(outcomes24h, ({ failed, lost, timed_out }) => failed + lost + timed_out),
        name: wrong,
        more: day,
        to: `${href.dispatches}?status=failed`
      }),
      figure({
        icon: "check",
        tone: "succeeded",
        count: sum(outcomes24h, (hour) => hour.delivered),
        name: delivered,
        more: day,
        to: `${href.dispatches}?status=succeeded`
      })
    ]}
  </nav>`
}
