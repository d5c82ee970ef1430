import type { Overview } from "../../src/domain/Overview.ts"
import { countNeedsYou } from "../../src/domain/needsYou.ts"
import { strings } from "../strings/shell.ts"
import { href } from "./navigation.ts"

/** A page of the rail: the key that goes there after `g`, and what is counted beside its name. */
export interface RailPage {
  readonly key: string
  readonly to: string
  readonly title: string
  readonly group?: boolean
  readonly count?: (overview: Overview) => number
  readonly live?: boolean
}

const sum = (counts: ReadonlyArray<number>) => counts.reduce((total, count) => total + count, 0)

const { pages } = strings

export const railPages: ReadonlyArray<RailPage> = [
  { key: "o", to: href.overview, title: pages.overview },
  {
    key: "n",
    to: href.inbox,
    title: pages.inbox,
    count: ({ waiting }) => countNeedsYou(waiting)
  },
  {
    key: "i",
    to: href.issues,
    title: pages.issues,
    group: true,
    count: ({ waiting }) => sum(waiting.map(({ count }) => count))
  },
  {
    key: "d",
    to: href.dispatches,
    title: pages.dispatches,
    count: ({ teams }) => sum(teams.map(({ used }) => used)),
    live: true
  },
  { key: "s", to: href.sessions, title: pages.sessions },
  { key: "u", to: href.dedup, title: pages.dedup },
  { key: "m", to: href.mappings, title: pages.mappings, group: true, count: ({ teams }) => teams.length },
  { key: "e", to: href.secrets, title: pages.secrets },
  { key: "t", to: href.settings, title: pages.settings },
  { key: "a", to: href.audit, title: pages.audit, group: true },
  { key: "p", to: href.docs, title: pages.docs }
]

export const isHere = (to: string, path: string) =>
  to === href.overview ? path === to || `${path}/` === to : path === to || path.startsWith(`${to}/`)
