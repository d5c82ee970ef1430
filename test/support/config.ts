import * as ConfigProvider from "effect/ConfigProvider"
import * as Layer from "effect/Layer"
import { AppConfig } from "../../src/platform/Config.ts"

/** The configuration that these settings, and nothing else of the environment, make. */
export const config = (env: Record<string, string>) =>
  Layer.provide(AppConfig.layer, ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
