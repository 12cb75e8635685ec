/** SM2 keys and SM3 digests of profile PCA1: read from PEM, to sign and to verify. */

import { createPrivateKey, createPublicKey, createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { sm2 } from "sm-crypto-v2";

/** The name that GM/T 0009 gives whoever has no other. Both sides must use the same. */
const SIGNER_ID = "1234567812345678";

/** The object identifier of the SM2 curve, 1.2.156.10197.1.301, in DER. */
const SM2_CURVE = "06082a811ccf5501822d";

const OPTIONS = { der: true, hash: true, userId: SIGNER_ID } as const;

/** SM3 over the bytes, in lower-case hex. */
export function sm3(content: Uint8Array): string {
  return createHash("sm3").update(content).digest("hex");
}

/** The half of a key that checks signatures. */
export class PublicKey {
  /** The first eight bytes of SM3 over the DER form, in upper-case hex. */
  readonly keyId: string;
  readonly #point: string;

  constructor(der: Buffer) {
    if (!der.toString("hex").includes(SM2_CURVE)) {
      throw new Error("This is no public key on the SM2 curve.");
    }
    this.keyId = sm3(der).slice(0, 16).toUpperCase();
    this.#point = der.subarray(-65).toString("hex");
  }

  /** Read a SubjectPublicKeyInfo in PEM. */
  static fromPem(pem: string): PublicKey {
    return new PublicKey(createPublicKey(pem).export({ type: "spki", format: "der" }));
  }

  /** X and Y behind 04, in hex. */
  get point(): string {
    return this.#point;
  }

  /** Whether the signature (ASN.1) is this key's over the message. */
  verifies(message: Uint8Array, signature: Uint8Array): boolean {
    try {
      const hex = Buffer.from(signature).toString("hex");
      return sm2.doVerifySignature(message, hex, this.#point, OPTIONS);
    } catch {
      return false; // no ASN.1 of two numbers: as wrong as any other wrong signature
    }
  }
}

/** The half that signs. Its number is private to the object and is never printed. */
export class PrivateKey {
  readonly public: PublicKey;
  readonly #secret: string;

  private constructor(pub: PublicKey, secret: string) {
    this.public = pub;
    this.#secret = secret;
  }

  /** Read a PKCS#8 private key's PEM file, without a password. */
  static fromFile(path: string): PrivateKey {
    const key = createPrivateKey(readFileSync(path, "ascii"));
    const spki = createPublicKey(key).export({ type: "spki", format: "der" });
    const der = key.export({ type: "pkcs8", format: "der" }).toString("hex");
    // RFC 5915: version 1, then the number itself in 32 bytes.
    const secret = /0201010420([0-9a-f]{64})/.exec(der)?.[1];
    if (!secret) {
      throw new Error(`${path} holds no SM2 private key of 32 bytes.`);
    }
    return new PrivateKey(new PublicKey(spki), secret);
  }

  /** An ASN.1 signature over the message. */
  sign(message: Uint8Array): Buffer {
    const options = { ...OPTIONS, publicKey: this.public.point };
    return Buffer.from(sm2.doSignature(message, this.#secret, options), "hex");
  }
}
