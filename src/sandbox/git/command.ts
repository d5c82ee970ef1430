import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { tmpdir } from "node:os"
import { dirname } from "node:path"
import { runProcess } from "../../runner/processes.ts"

/** A command of git that failed, with what it printed. */
class GitFailed extends Data.TaggedError("GitFailed")<{ readonly message: string }> {}

/** Where the programs of this machine are, Node first; no other variable of the process is read. */
export const programPath = Config.String("PATH").pipe(
  Config.withDefault("/usr/local/bin:/usr/bin:/bin"),
  (config) => config.parse(ConfigProvider.fromEnv()),
  Effect.orDie,
  Effect.map((path) => `${dirname(process.execPath)}:${path}`)
)

const author = { name: "Robin", email: "robin@northwind.test" }

const settings = ["init.defaultBranch=main", "advice.detachedHead=false", "gc.auto=0", "safe.directory=*"]

/** Runs git in a folder, without the settings of the machine. */
export const git = Effect.fnUntraced(function* (cwd: string, ...args: ReadonlyArray<string>) {
  const { code, stderr, stdout } = yield* runProcess({
    command: "git",
    args: [...settings.flatMap((setting) => ["-c", setting]), ...args],
    cwd,
    env: {
      PATH: yield* programPath,
      HOME: tmpdir(),
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email
    }
  }).pipe(Effect.mapError(({ message }) => new GitFailed({ message })))
  if (code !== 0) return yield* new GitFailed({ message: `git ${args[0] ?? ""}: ${stderr}` })
  return stdout.toString("utf8").trim()
})
