/** Runs the tests again and again and counts what fails: `npm run test:repeat -- 10 --project node`. */
import * as Schema from "effect/Schema"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const Report = Schema.Struct({
  testResults: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      status: Schema.String,
      assertionResults: Schema.Array(Schema.Struct({ fullName: Schema.String, status: Schema.String }))
    })
  )
})
const decodeReport = Schema.decodeUnknownSync(Schema.fromJsonString(Report))

const [given, ...options] = process.argv.slice(2)
const times = Number(given)
if (!Number.isInteger(times) || times < 1) {
  process.stderr.write(
    "Say how many times: npm run test:repeat -- 10 [--project node] [files and other options of vitest run]\n"
  )
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), "ai-implement-repeat-"))
const file = join(folder, "report.json")
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))

/** One run; each test as its file and name, with its status. */
const run = async () => {
  rmSync(file, { force: true })
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--reporter=json",
    `--outputFile=${file}`,
    ...options
  ]
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] })
  const stop = () => child.kill("SIGINT")
  process.once("SIGINT", stop)
  const [code] = await once(child, "close")
  process.off("SIGINT", stop)
  const { testResults } = decodeReport(readFileSync(file, "utf8"))
  return {
    code: Number(code ?? 1),
    tests: testResults.flatMap(({ assertionResults, name, status }) => {
      const path = name.slice(process.cwd().length + 1)
      const tests = assertionResults.map((test) => ({
        name: `${path}: ${test.fullName}`,
        status: test.status
      }))
      const failsWhole = status === "failed" && !tests.some((test) => test.status === "failed")
      return failsWhole ? [...tests, { name: path, status }] : tests
    })
  }
}

const failures = new Map<string, number>()
let green = 0
for (let nth = 1; nth <= times; nth++) {
  const begin = performance.now()
  const { code, tests } = await run()
  const failed = tests.filter(({ status }) => status === "failed")
  for (const { name } of failed) failures.set(name, (failures.get(name) ?? 0) + 1)
  if (code === 0) green++
  const passed = tests.filter(({ status }) => status === "passed").length
  const seconds = Math.round((performance.now() - begin) / 1000)
  process.stdout.write(
    `Run ${nth} of ${times}: ${passed} passed, ${failed.length} failed, ` +
      `${tests.length - passed - failed.length} skipped, exit ${code}, ${seconds} s\n`
  )
}

process.stdout.write(`${green} of ${times} runs without a failure\n`)
for (const [name, count] of failures) process.stdout.write(`  ${count} × ${name}\n`)
process.exitCode = green === times ? 0 : 1
