import * as DateTime from "effect/DateTime"

export const now = DateTime.nowUnsafe()
export const ago = (seconds: number) => DateTime.subtract(now, { seconds })
export const ahead = (seconds: number) => DateTime.add(now, { seconds })

export const uuid = (index: number) => `0190f000-0000-7000-8000-${String(index).padStart(12, "0")}`
