import * as DateTime from "effect/DateTime"
import type { DispatchId, IssueId } from "../../../../src/domain/Ids.ts"

export const now = DateTime.nowUnsafe()
export const ago = (seconds: number) => DateTime.subtract(now, { seconds })
export const ahead = (seconds: number) => DateTime.add(now, { seconds })

/** An id that may stand for a dispatch and for an issue. */
export const uuid = (index: number) =>
  `0190f000-0000-7000-8000-${String(index).padStart(12, "0")}` as DispatchId & IssueId
