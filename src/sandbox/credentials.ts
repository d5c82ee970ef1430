import { generateKeyPairSync, randomBytes } from "node:crypto"

/** Fresh credentials of one sandbox: an access code to type, an API key and a GitHub App's key pair. */
export const credentials = () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" }
  })
  return {
    accessCode: `sandbox-${randomBytes(8).toString("hex")}`,
    apiKey: `lin_api_${randomBytes(16).toString("hex")}`,
    appId: 4242,
    privateKey,
    publicKey
  }
}
