export interface LineChange {
  readonly kind: "same" | "added" | "removed"
  readonly text: string
}

const maxCells = 4_000_000

// What is common to both, longest first, by the table of lengths; whole blocks where that would be too large.
const changed = (before: ReadonlyArray<string>, after: ReadonlyArray<string>): ReadonlyArray<LineChange> => {
  const all = (kind: LineChange["kind"], lines: ReadonlyArray<string>) =>
    lines.map((text) => ({ kind, text }))
  if (before.length * after.length > maxCells) return [...all("removed", before), ...all("added", after)]
  const width = after.length + 1
  const lengths = new Uint32Array((before.length + 1) * width)
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const changes: Array<LineChange> = []
  let [row, column] = [0, 0]
  while (row < before.length || column < after.length) {
    const [old, next] = [before[row], after[column]]
    if (old !== undefined && old === next) {
      changes.push({ kind: "same", text: old })
      row++
      column++
    } else if (next === undefined || (old !== undefined && at(row + 1, column) >= at(row, column + 1))) {
      changes.push({ kind: "removed", text: old ?? "" })
      row++
    } else {
      changes.push({ kind: "added", text: next })
      column++
    }
  }
  return changes
}

/** The lines of two texts: what both have, what only one has. */
export const lineDiff = (before: string, after: string): ReadonlyArray<LineChange> => {
  const [old, next] = [before.split("\n"), after.split("\n")]
  let start = 0
  while (start < Math.min(old.length, next.length) && old[start] === next[start]) start++
  let end = 0
  const rest = Math.min(old.length, next.length) - start
  while (end < rest && old[old.length - 1 - end] === next[next.length - 1 - end]) end++
  const same = (lines: ReadonlyArray<string>) => lines.map((text) => ({ kind: "same" as const, text }))
  return [
    ...same(old.slice(0, start)),
    ...changed(old.slice(start, old.length - end), next.slice(start, next.length - end)),
    ...same(old.slice(old.length - end))
  ]
}
