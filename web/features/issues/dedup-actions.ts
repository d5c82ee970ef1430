import { removeFromDedup } from "../../data/issues.ts"
import { words } from "../../strings/dedup.ts"
import { confirm } from "../actions/ask.ts"

export const remove = (host: EventTarget, issueId: string, identifier: string) =>
  confirm(
    host,
    { title: words.removeTitle(identifier), body: words.removeBody, action: words.removeDo },
    () => removeFromDedup(issueId),
    () => words.removed(identifier)
  )
