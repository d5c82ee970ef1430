/**
 * Adds the optional platform packages that a registry did not show to package-lock.json, so that `npm ci` accepts it.
 * Run after every change of dependencies: `npm run lock`.
 */
import { readFileSync, writeFileSync } from "node:fs"

interface Entry {
  readonly version?: string
  readonly dev?: boolean
  readonly optional?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Lock {
  readonly packages: Record<
    string,
    Entry & { os?: ReadonlyArray<string>; cpu?: ReadonlyArray<string>; libc?: ReadonlyArray<string> }
  >
}

const operatingSystems: Readonly<Record<string, string>> = {
  darwin: "darwin",
  linux: "linux",
  win32: "win32",
  windows: "win32",
  freebsd: "freebsd",
  openbsd: "openbsd",
  android: "android",
  openharmony: "openharmony",
  sunos: "sunos",
  aix: "aix",
  netbsd: "netbsd"
}
const architectures = [
  "x64",
  "arm64",
  "arm",
  "ia32",
  "ppc64",
  "s390x",
  "riscv64",
  "loong64",
  "mips64el",
  "ppc64le",
  "riscv32"
]

const platformOf = (name: string) => {
  const parts = name.replace(/^@[^/]+\//, "").split(/[-_]/)
  const os = parts.map((part) => operatingSystems[part]).find((each) => each !== undefined)
  const cpu = parts.find((part) => architectures.includes(part))
  const libc = parts.find((part) => part.startsWith("musl")) === undefined ? {} : { libc: ["musl"] }
  return { os: [os ?? "none"], cpu: [cpu ?? (parts.includes("wasm32") ? "wasm32" : "none")], ...libc }
}

const file = new URL("../package-lock.json", import.meta.url)
const lock = JSON.parse(readFileSync(file, "utf8")) as Lock
const added: Array<string> = []

for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = path === "" ? `node_modules/${name}` : `${path}/node_modules/${name}`
    const hoisted = `node_modules/${name}`
    if (lock.packages[nested] !== undefined || lock.packages[hoisted] !== undefined) continue
    if (!/^\d/.test(version)) continue
    lock.packages[hoisted] = {
      version,
      optional: true,
      ...(entry.dev === true ? { dev: true } : {}),
      ...platformOf(name)
    }
    added.push(`${name}@${version}`)
  }
}

const sorted = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`)
process.stdout.write(added.length === 0 ? "The lock file is complete.\n" : `Added ${added.join(", ")}\n`)
