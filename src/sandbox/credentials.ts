import { generateKeyPairSync, randomBytes } from "node:crypto"

const random = (bytes: number) => randomBytes(bytes).toString("hex")

/** Fresh credentials of one sandbox: an access code, and the tokens and keys of its upstreams. */
export const credentials = () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" }
  })
  return {
    accessCode: `sandbox-${random(8)}`,
    apiKey: `lin_api_${random(16)}`,
    flyToken: `FlyV1 fm2_${random(16)}`,
    linearSecret: `lin_wh_${random(16)}`,
    githubSecret: random(16),
    appId: 4242,
    privateKey,
    publicKey
  }
}
