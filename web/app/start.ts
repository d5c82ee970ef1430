import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { connect } from "../data/client.ts"
import { applyTheme, currentTheme } from "../data/theme.ts"

applyTheme(currentTheme())
connect(FetchHttpClient.layer)
