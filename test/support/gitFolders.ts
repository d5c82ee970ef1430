import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { env } from "node:process"

/** The environment of a git that acts for one person, without the settings of the machine. */
export const gitAs = ({ email, name }: { readonly name: string; readonly email: string }) => ({
  PATH: env["PATH"] ?? "",
  HOME: tmpdir(),
  GIT_AUTHOR_NAME: name,
  GIT_AUTHOR_EMAIL: email,
  GIT_COMMITTER_NAME: name,
  GIT_COMMITTER_EMAIL: email,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1"
})

const ada = gitAs({ name: "Ada", email: "ada@test.test" })

export const git = (cwd: string, ...args: ReadonlyArray<string>) =>
  execFileSync("git", ["-c", "safe.directory=*", "-c", "init.defaultBranch=main", ...args], {
    cwd,
    encoding: "utf8",
    env: ada,
    stdio: ["ignore", "pipe", "pipe"]
  }).trim()

export type Files = Readonly<Record<string, string>>

const writeAll = (dir: string, files: Files) => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), content)
  }
}

const made = new Map<string, string>()
let root: string | null = null

/** Makes a folder once in each test process; gives where it is. */
const once = (key: ReadonlyArray<unknown>, make: (dir: string) => void) => {
  const name = JSON.stringify(key)
  const found = made.get(name)
  if (found !== undefined) return found
  if (root === null) {
    const created = (root = mkdtempSync(join(tmpdir(), "ai-implement-folders-")))
    process.on("exit", () => rmSync(created, { recursive: true, force: true }))
  }
  const dir = join(root, String(made.size))
  mkdirSync(dir)
  make(dir)
  made.set(name, dir)
  return dir
}

/** The branches of a bare repository that nothing has packed, with their heads. */
export const headsOf = (bare: string): Readonly<Record<string, string>> => {
  const folder = join(bare, "refs/heads")
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [file.slice(folder.length + 1), readFileSync(file, "utf8").trim()])
  )
}

export interface Repository {
  readonly files: Files
  /** A second branch with files besides. */
  readonly branch: { readonly name: string; readonly files: Files } | null
}

/** A bare repository `bare` and a clone `seed` that pushes to it. */
export const makeRepository = ({ branch, files }: Repository, bare: string, seed: string) => {
  const folder = once(["repository", files, branch], (dir) => {
    const [origin, clone] = [join(dir, "bare"), join(dir, "seed")]
    mkdirSync(origin)
    mkdirSync(clone)
    git(origin, "init", "-q", "--bare", "--template=")
    git(clone, "init", "-q", "--template=")
    writeAll(clone, files)
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "-m", "Begin")
    git(clone, "push", "-q", origin, "HEAD:refs/heads/main")
    if (branch === null) return
    git(clone, "checkout", "-q", "-b", "feature")
    writeAll(clone, branch.files)
    git(clone, "add", "-A")
    git(clone, "commit", "-q", "-m", "Begin the feature")
    git(clone, "push", "-q", origin, `HEAD:refs/heads/${branch.name}`)
  })
  cpSync(join(folder, "bare"), bare, { recursive: true })
  cpSync(join(folder, "seed"), seed, { recursive: true })
}

/** What actions/checkout leaves: a clone without its credential. */
export const cloneTo = (bare: string, target: string, ref: string, url: string) => {
  const clone = (dir: string) => {
    git(bare, "clone", "-q", "--no-local", "--template=", bare, dir)
    git(dir, "checkout", "-q", ref)
    git(dir, "remote", "set-url", "origin", "the-address")
  }
  rmSync(target, { recursive: true, force: true })
  cpSync(once([headsOf(bare), ref], clone), target, { recursive: true })
  const config = join(target, ".git/config")
  writeFileSync(config, readFileSync(config, "utf8").replace("the-address", url))
}
