/** The texts that are signed: one line a field, each ended by a line feed, nothing trimmed. */

export const PROFILE = "PCA1-SM2-SM3";

function lines(...fields: (string | number)[]): Buffer {
  return Buffer.from(fields.map((field) => `${field}\n`).join(""));
}

export interface RequestFields {
  method: string;
  path: string;
  query: string;
  host: string;
  ts: number;
  nonce: string;
  partner: string;
  key: string;
  idempotencyKey: string;
  contentType: string;
  bodyDigest: string;
}

/** The twelve lines of a request; path and query are as sent. */
export function requestText(fields: RequestFields): Buffer {
  const { method, path, query, host, ts, nonce, partner, key } = fields;
  const { idempotencyKey, contentType, bodyDigest } = fields;
  return lines(
    PROFILE, method, path, query, host.toLowerCase(), ts, nonce, partner, key,
    idempotencyKey, contentType, bodyDigest,
  );
}

export interface ResponseFields {
  status: number;
  requestNonce: string;
  requestId: string;
  ts: number;
  key: string;
  bodyDigest: string;
}

/** The seven lines of an answer; the nonce binds it to one request. */
export function responseText(fields: ResponseFields): Buffer {
  const { status, requestNonce, requestId, ts, key, bodyDigest } = fields;
  return lines(`${PROFILE}-RES`, status, requestNonce, requestId, ts, key, bodyDigest);
}
