import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { brotliDecompress } from "node:zlib"
import { extract } from "tar"

export interface Chromium {
  readonly executablePath: string
  readonly args: Array<string>
  readonly env: Record<string, string>
}

const args = [
  "--no-sandbox",
  "--no-zygote",
  "--no-first-run",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-domain-reliability",
  "--disable-quic",
  "--disable-sync",
  "--no-pings",
  "--disable-features=AutofillServerCommunication,CertificateTransparencyComponentUpdater,DialMediaRouteProvider,MediaRouter,OptimizationHints,Translate",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]"
]

const inflate = promisify(brotliDecompress)

const packed = () => {
  const root = dirname(dirname(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium"))))
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  return { bin: join(root, "bin"), version: String(version) }
}

const cacheFolder = () => {
  const modules = fileURLToPath(new URL("../../node_modules", import.meta.url))
  try {
    accessSync(modules, constants.W_OK)
    return join(modules, ".cache")
  } catch {
    return join(tmpdir(), "ai-implement-cache")
  }
}

const fontsConf = (dir: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(dir, "fonts")}</dir>
  <cachedir>${join(dir, "fonts-cache")}</cachedir>
</fontconfig>
`

const unpack = async (bin: string, dir: string) => {
  const partial = `${dir}.${process.pid}`
  rmSync(partial, { recursive: true, force: true })
  const untar = async (name: string, to: string) => {
    mkdirSync(to, { recursive: true })
    const tar = join(partial, `${name}.tar`)
    writeFileSync(tar, await inflate(readFileSync(join(bin, `${name}.tar.br`))))
    await extract({ file: tar, cwd: to })
    rmSync(tar)
  }
  mkdirSync(partial, { recursive: true })
  await untar("al2023", join(partial, "al2023"))
  await untar("fonts", partial)
  await untar("swiftshader", partial)
  writeFileSync(join(partial, "fonts.conf"), fontsConf(dir))
  writeFileSync(join(partial, "chromium"), await inflate(readFileSync(join(bin, "chromium.br"))))
  chmodSync(join(partial, "chromium"), 0o755)
  try {
    renameSync(partial, dir)
  } catch {
    rmSync(partial, { recursive: true, force: true })
  }
}

const environment = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
)

/** `CHROMIUM_PATH`, or the browser of npm, unpacked once per version; needs nothing of the system but libc. */
export const chromium = async (): Promise<Chromium> => {
  const system = environment["CHROMIUM_PATH"]
  if (system !== undefined) return { executablePath: system, args, env: environment }
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      `npm brings no Chromium for ${process.platform}-${process.arch}: set CHROMIUM_PATH to one.`
    )
  }
  const { bin, version } = packed()
  const dir = join(cacheFolder(), `chromium-${version}`)
  if (!existsSync(dir)) await unpack(bin, dir)
  return {
    executablePath: join(dir, "chromium"),
    args,
    env: { ...environment, LD_LIBRARY_PATH: join(dir, "al2023", "lib"), FONTCONFIG_PATH: dir }
  }
}
