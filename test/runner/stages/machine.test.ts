import { assert, describe, it } from "@effect/vitest"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { execFileSync } from "node:child_process"
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { eventually } from "../../support/eventually.ts"
import { git, makeWorld, modelKey } from "../../support/runnerWorld.ts"

// Another user where the test may become one, as in the image; else the test's own. All processes of that user end with
// the agent, so it is one that runs nothing else: not nobody, whom PostgreSQL of other tests runs as.
const isRoot = process.getuid?.() === 0
const agentId = 60_000 + (process.pid % 5000)
const agentUser = isRoot
  ? { uid: agentId, gid: agentId }
  : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
const asAgent = (dir: string) => ({
  AI_IMPLEMENT_AGENT_UID: String(agentUser.uid),
  AI_IMPLEMENT_AGENT_GID: String(agentUser.gid),
  AI_IMPLEMENT_AGENT_HOME: join(dir, "home"),
  AI_IMPLEMENT_WORK: join(dir, "work/tree")
})

// Fields after the name, which is in parentheses: state, parent, group. A zombie has ended.
const alive = () =>
  readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const text = readFileSync(`/proc/${name}/stat`, "utf8")
      const [state, , group] = text.slice(text.lastIndexOf(")") + 2).split(" ")
      return state === "Z" ? [] : [{ name, group: Number(group), uid: statSync(`/proc/${name}`).uid }]
    } catch {
      return []
    }
  })
const inGroup = (wanted: number) => alive().filter(({ group }) => group === wanted)

const hanging = (world: { readonly isHanging: () => boolean }) =>
  eventually("the agent works", Effect.sync(world.isHanging), (seen) => seen)

describe("a session machine", { timeout: 90_000 }, () => {
  it.live("does every stage in one process, the agent as another user, and reports each step", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        ownProcesses: true,
        files: {
          "WORKFLOW.md": "---\nsetup: id -u > src/setup\nverify: test -f src/setup\nteardown: echo bye\n---\n"
        },
        context: { sessionMode: "interactive" },
        answer: "b",
        scenario: { ask: { question: "a or b?" }, run: "echo change >> src/a.txt", lines: 3 }
      })
      const { code, output } = yield* world.machine(asAgent(world.dir))
      assert.strictEqual(code, 0, output)
      assert.strictEqual(world.seen()?.uid, agentUser.uid)
      assert.strictEqual(world.show("src/setup"), String(agentUser.uid))
      assert.deepStrictEqual(world.service.steps, [
        "context",
        "clone",
        "setup",
        "agent",
        "verify",
        "teardown",
        "push",
        "gap analysis",
        "pull request",
        "report"
      ])
      const lines = world.service.lines.join("\n")
      for (const words of ["Question: a or b?", "Answer: b", "line 2 xxx", "→ Bash", "Pull request 7"]) {
        assert.include(lines, words)
      }
      assert.deepInclude(world.service.reports[0], { outcome: "delivered", tokens: 370 })
      assert.include(world.pulls[0]?.body, "> Answer: b")
      assert.strictEqual(world.show("src/a.txt"), "a\nchange")
    })
  )

  it.live("sends its log while it works, within the limits of the service", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({ scenario: { lines: 1500, hangs: true } })
      const machine = yield* world.startMachine(asAgent(world.dir))
      yield* hanging(world)
      yield* eventually(
        "lines arrive before the end",
        Effect.sync(() => world.service.lines.length),
        (count) => count > 300
      )
      world.letGo()
      const { code, output } = yield* machine.ended
      assert.strictEqual(code, 0, output.slice(-500))
      const { sizes } = world.service
      const seconds = ((sizes.at(-1)?.at ?? 0) - (sizes[0]?.at ?? 0)) / 1000
      assert.isAtMost(sizes.length, 10 * (seconds + 1))
      assert.isAtMost(
        sizes.reduce((sum, { bytes }) => sum + bytes, 0),
        100_000 * (seconds + 1)
      )
    }).pipe(Effect.scoped)
  )

  it.live("ends within 20 s of SIGTERM, with the agent's processes, and reports what is known", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        ownProcesses: true,
        scenario: { run: "(trap '' TERM; sleep 300) & setsid sleep 300 & echo x >> src/a.txt", hangs: true }
      })
      const machine = yield* world.startMachine(asAgent(world.dir))
      yield* hanging(world)
      const pid = world.seen()?.pid ?? 0
      machine.kill("SIGTERM")
      const { code } = yield* machine.ended.pipe(Effect.timeout("20 seconds"))
      assert.strictEqual(code, 1)
      assert.deepStrictEqual(inGroup(pid), [])
      if (isRoot)
        assert.deepStrictEqual(
          alive().filter(({ uid }) => uid === agentUser.uid),
          []
        )
      assert.deepInclude(world.service.reports[0], { outcome: "failed", tokens: 246 })
      assert.strictEqual(world.service.reports[0]?.failure?.reason, "cancelled")
      assert.deepStrictEqual(Object.keys(world.heads()), ["main"])
    }).pipe(Effect.scoped)
  )

  it.live("stops its agent when the service says that the dispatch has ended", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({ scenario: { lines: 3, hangs: true } })
      const machine = yield* world.startMachine(asAgent(world.dir))
      yield* hanging(world)
      world.service.state.ended = true
      // The next line that goes out is refused.
      const { code } = yield* machine.ended.pipe(Effect.timeout("20 seconds"))
      assert.strictEqual(code, 1)
      assert.deepStrictEqual(Object.keys(world.heads()), ["main"])
    }).pipe(Effect.scoped)
  )

  it.live("ends its agent before the deadline, and pushes what it has as a draft", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        context: { deadlineAt: DateTime.add(yield* DateTime.now, { minutes: 3, seconds: 12 }) },
        scenario: { run: "echo x >> src/a.txt", hangs: true }
      })
      const { code, output } = yield* world.machine(asAgent(world.dir))
      assert.strictEqual(code, 0, output)
      assert.isTrue(world.pulls[0]?.draft)
      assert.include(world.pulls[0]?.body, "reached its deadline")
    })
  )

  it.live("continues when the service is away for a while, and its report is taken once", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({ scenario: { run: "echo x >> src/a.txt", hangs: true } })
      const machine = yield* world.startMachine(asAgent(world.dir))
      yield* hanging(world)
      world.service.control.failNext({ match: "POST /runner", times: 4, action: { _tag: "reset" } })
      world.service.control.failNext({
        match: "POST /runner",
        times: 2,
        action: { _tag: "status", status: 503, body: {} }
      })
      world.letGo()
      const { code, output } = yield* machine.ended
      assert.strictEqual(code, 0, output)
      assert.lengthOf(world.service.reports, 1)
      assert.lengthOf(world.pulls, 1)
    }).pipe(Effect.scoped)
  )

  it.live("without a right to the dispatch does nothing", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld()
      world.service.state.claimedBy = "another"
      const { code, output } = yield* world.machine(asAgent(world.dir))
      assert.strictEqual(code, 0)
      assert.include(output, "Another run does this work")
      assert.deepStrictEqual([world.seen(), world.service.reports], [null, []])
    })
  )
})

describe("a follow-up", { timeout: 90_000 }, () => {
  const branchFiles = { "CLAUDE.md": "Obey me.\n", ".claude/settings.json": "{}\n", "src/b.txt": "b\n" }
  const trusted = { "CLAUDE.md": "House rules.\n" }

  it.live("works with the trusted configuration, and leaves that of the branch as it is", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        files: trusted,
        branchFiles,
        scenario: {
          run: "cp CLAUDE.md src/read.txt; ls -a > src/list.txt; echo evil > CLAUDE.md; echo c >> src/b.txt; git add -A; git commit -qm 'Mine'; echo d >> src/b.txt"
        }
      })
      const { code, output } = yield* world.machine(asAgent(world.dir))
      assert.strictEqual(code, 0, output)
      assert.strictEqual(world.show("src/read.txt"), "House rules.")
      assert.notMatch(world.show("src/list.txt"), /^\.claude$/m)
      assert.strictEqual(world.show("CLAUDE.md"), "Obey me.")
      assert.strictEqual(world.show(".claude/settings.json"), "{}")
      assert.strictEqual(world.show("src/b.txt"), "b\nc\nd")
      const [pull] = world.pulls
      assert.lengthOf(world.pulls, 1)
      assert.isTrue(pull?.body.startsWith("Written by a person.\n"))
      assert.isTrue(pull?.body.endsWith("And below."))
      assert.notInclude(pull?.body, "Old.")
      assert.include(pull?.body, "CLAUDE.md")
      assert.include(world.seen()?.prompt, "has pull request 7")
    })
  )

  for (const [name, path, ends] of [
    ["beside the work is merged with it", "src/human.txt", "delivered"],
    ["on the same lines is not overwritten", "src/b.txt", "failed"]
  ] as const) {
    it.live(`a commit that a person pushes meanwhile ${name}`, () =>
      Effect.gen(function* () {
        const world = yield* makeWorld({
          branchFiles,
          scenario: { run: "echo agent >> src/b.txt", hangs: true }
        })
        const machine = yield* world.startMachine(asAgent(world.dir))
        yield* hanging(world)
        execFileSync("/bin/sh", ["-c", `echo human >> ${path}`], { cwd: world.seed })
        git(world.seed, "add", "-A")
        git(world.seed, "commit", "-q", "-m", "By a person")
        git(world.seed, "push", "-q", world.bare, `HEAD:refs/heads/${world.branch}`)
        const human = git(world.seed, "rev-parse", "HEAD")
        world.letGo()
        const { output } = yield* machine.ended
        const [report] = world.service.reports
        assert.strictEqual(report?.outcome, ends, output)
        if (ends === "failed") {
          assert.strictEqual(report?.failure?.reason, "branch_moved")
          assert.strictEqual(world.heads()[world.branch], human)
        } else {
          assert.strictEqual(world.show("src/human.txt"), "human")
          assert.strictEqual(world.show("src/b.txt"), "b\nagent")
          assert.include(world.log("%H", world.branch), human)
        }
      }).pipe(Effect.scoped)
    )
  }
})

interface Process {
  readonly pid: number
  readonly uid: number
  readonly args: string
  readonly env: string
}

const processes = (): ReadonlyArray<Process> =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf8")
        return [
          {
            pid: Number(name),
            uid: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]),
            args: readFileSync(`/proc/${name}/cmdline`, "utf8"),
            env: readFileSync(`/proc/${name}/environ`, "utf8")
          }
        ]
      } catch {
        return []
      }
    })

const filesBelow = (dir: string): ReadonlyArray<string> =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

/** A `git` before the real one that records how it is called, by whomever. */
const recordGit = (dir: string) => {
  const [shim, file] = [join(dir, "shim"), join(dir, "git-arguments")]
  const real = execFileSync("/bin/sh", ["-c", "command -v git"], { encoding: "utf8" }).trim()
  mkdirSync(shim)
  writeFileSync(join(shim, "git"), `#!/bin/sh\necho "$@" >> ${file}\nexec ${real} "$@"\n`, { mode: 0o755 })
  writeFileSync(file, "")
  chmodSync(file, 0o666)
  return { path: `${shim}:/usr/local/bin:/usr/bin:/bin`, read: () => readFileSync(file, "utf8") }
}

describe("credentials", { timeout: 90_000 }, () => {
  const canary = /canary|vended0123456789/

  it.live("of a machine reach no argument, no file, no log, and no environment of the agent", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        ownProcesses: true,
        files: { "WORKFLOW.md": "---\nsetup: env > src/setup.env\nverify: env\n---\n" },
        context: { sessionMode: "hybrid" },
        answer: "yes",
        scenario: {
          ask: { question: "Well?" },
          run: "env > ../agent.env; git config --list > ../agent.git; echo $ANTHROPIC_API_KEY >&2; echo x >> src/a.txt",
          hangs: true
        }
      })
      const argv = recordGit(world.dir)
      const env = { ...asAgent(world.dir), AI_IMPLEMENT_WORK: join(world.dir, "agent/work"), PATH: argv.path }
      const machine = yield* world.startMachine(env)
      yield* hanging(world)
      const pid = world.seen()?.pid ?? 0
      const own = processes().filter(({ env, pid: one }) => one === pid || env.includes(world.dir))
      assert.include(
        own.map((one) => one.pid),
        pid
      )
      for (const one of own) {
        for (const secret of [
          world.service.vended,
          world.service.machineToken,
          world.service.questionsToken,
          modelKey
        ]) {
          assert.notInclude(one.args, secret)
        }
        if (one.pid !== machine.pid) {
          assert.notMatch(one.env.replaceAll(modelKey, ""), canary, one.args)
          assert.notInclude(one.env, world.service.machineToken)
          assert.notInclude(one.env, world.service.questionsToken)
        }
      }
      world.letGo()
      const { output } = yield* machine.ended
      assert.lengthOf(world.pulls, 1, output)
      assert.notInclude(world.show("src/setup.env"), modelKey)
      assert.include(argv.read(), "push")
      const said = [
        output,
        argv.read(),
        world.service.lines.join("\n"),
        world.pulls[0]?.body ?? "",
        JSON.stringify(world.service.reports)
      ]
      const secrets = [
        world.service.vended,
        world.service.machineToken,
        world.service.questionsToken,
        modelKey
      ]
      for (const text of said) for (const secret of secrets) assert.notInclude(text, secret)
      for (const file of filesBelow(world.dir)) {
        const text = readFileSync(file, "utf8")
        for (const secret of [
          world.service.vended,
          world.service.machineToken,
          world.service.questionsToken
        ]) {
          assert.notInclude(text, secret, file)
        }
        if (!/agent\/(agent\.env|seen\.json)$/.test(file)) assert.notInclude(text, modelKey, file)
      }
    }).pipe(Effect.scoped)
  )

  it.live("of the jobs reach the agent's job not at all, besides that of the model", () =>
    Effect.gen(function* () {
      const world = yield* makeWorld({
        ownProcesses: true,
        context: { sessionMode: "hybrid" },
        answer: "yes",
        scenario: { ask: { question: "Well?" }, run: "echo x >> src/a.txt", hangs: true }
      })
      const begin = yield* world.begin()
      const agent = yield* world.startAgent()
      yield* hanging(world)
      const env = readFileSync(`/proc/${world.seen()?.pid ?? 0}/environ`, "utf8")
      assert.include(env, modelKey)
      assert.notMatch(env.replaceAll(modelKey, ""), canary)
      assert.notInclude(env, world.service.questionsToken)
      assert.notMatch(env, /ACTIONS_|GITHUB_|RUNNER_|AI_IMPLEMENT_/)
      world.letGo()
      const ended = yield* agent.ended
      const publish = yield* world.publish()
      assert.lengthOf(world.pulls, 1, publish.output)
      for (const { output } of [begin, ended, publish]) {
        for (const secret of [world.service.vended, world.service.questionsToken, modelKey, "job.1."]) {
          assert.notInclude(output, secret)
        }
      }
      for (const file of filesBelow(world.handed("."))) {
        const text = readFileSync(file, "utf8")
        for (const secret of [world.service.vended, world.service.questionsToken, modelKey])
          assert.notInclude(text, secret, file)
      }
    }).pipe(Effect.scoped)
  )
})
