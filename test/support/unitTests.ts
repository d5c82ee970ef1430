import { arrowsOf, readSources } from "./architecture.ts"

/** What opens a database or starts a process. */
const slow = new Set(
  ["TestDb", "childProcess", "command", "postgres", "process", "runnerWorld", "running"].map(
    (name) => `test/support/${name}.ts`
  )
)

/** The test files, outside the browser's and the simulation, that need neither a database nor another process. */
export const unitTests = (): ReadonlyArray<string> => {
  const sources = readSources("test")
  const imports = Map.groupBy(arrowsOf(sources), ({ from }) => from)
  const isSlow = (path: string, seen = new Set<string>()): boolean => {
    if (slow.has(path)) return true
    if (seen.has(path)) return false
    seen.add(path)
    return (imports.get(path) ?? []).some(({ to }) => isSlow(to, seen))
  }
  return [...sources.keys()].filter(
    (path) =>
      path.endsWith(".test.ts") && !/^test\/(web|e2e|fault|agent|simulation)\//.test(path) && !isSlow(path)
  )
}
