export { CryptoKey, type ICryptoKey } from "./crypto-key";
