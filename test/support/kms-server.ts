/**
 * A key service on the loopback interface that speaks enough of AWS KMS and of Google Cloud KMS: it really encrypts, holds
 * callers to the context that they encrypted under, and checks who they are (AWS by recomputing the signature).
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createVerify,
  randomBytes,
} from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface KmsCall {
  readonly verb: string;
  readonly key: string;
  /** The encryption context of AWS, the authenticated data of Google. */
  readonly context: unknown;
}

export interface KmsServer extends AsyncDisposable {
  readonly url: string;
  readonly calls: KmsCall[];
  /** From now on every call is answered so: `DisabledException`, `FAILED_PRECONDITION`, … */
  fail(code: string | undefined): void;
}

export const awsCredentials = { AWS_ACCESS_KEY_ID: "AKIDTEST", AWS_SECRET_ACCESS_KEY: "secret-of-the-test" };
export const googleToken = "token-of-the-test";

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** @param serviceAccountKey public key of the service account that may ask for a token */
export async function startKms(options: { readonly serviceAccountKey?: string } = {}): Promise<KmsServer> {
  const secret = randomBytes(32);
  const calls: KmsCall[] = [];
  let failure: string | undefined;
  const take = (call: KmsCall, input: Buffer): Buffer | undefined => {
    calls.push(call);
    const context = JSON.stringify([call.key, call.context]);
    return call.verb === "encrypt" ? encrypt(secret, input, context) : decrypt(secret, input, context);
  };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const isAws = request.headers["x-amz-target"] !== undefined;
      const isToken = request.url === "/token" || request.url?.startsWith("/computeMetadata/");
      const { status, body: answer } = isToken
        ? answerToken(request, body, options.serviceAccountKey)
        : (isAws ? answerAws : answerGoogle)(request, body, { take, failure });
      send(response, status, answer, isAws ? "application/x-amz-json-1.1" : "application/json");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    fail: (code) => {
      failure = code;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Service {
  readonly take: (call: KmsCall, input: Buffer) => Buffer | undefined;
  readonly failure: string | undefined;
}

function answerAws(request: IncomingMessage, body: string, { take, failure }: Service): Answer {
  const refuse = (name: string, message: string) => ({ status: 400, body: { __type: name, message } });
  if (!isSigned(request, body)) return refuse("InvalidSignatureException", "the signature does not fit");
  if (failure !== undefined) return refuse(failure, "as the test wants it");
  const verb = String(request.headers["x-amz-target"]).replace("TrentService.", "").toLowerCase();
  const input = JSON.parse(body);
  const bytes = Buffer.from(verb === "encrypt" ? input.Plaintext : input.CiphertextBlob, "base64");
  const output = take({ verb, key: input.KeyId, context: input.EncryptionContext }, bytes);
  if (output === undefined) return refuse("InvalidCiphertextException", "");
  const text = output.toString("base64");
  return {
    status: 200,
    body: { KeyId: input.KeyId, ...(verb === "encrypt" ? { CiphertextBlob: text } : { Plaintext: text }) },
  };
}

function answerGoogle(request: IncomingMessage, body: string, { take, failure }: Service): Answer {
  const refuse = (status: number, code: string) => ({
    status,
    body: { error: { code: status, status: code, message: "as the test wants it" } },
  });
  if (request.headers.authorization !== `Bearer ${googleToken}`) return refuse(401, "UNAUTHENTICATED");
  if (failure !== undefined) return refuse(400, failure);
  const [, key = "", verb = ""] = /^\/v1\/(.+):(encrypt|decrypt)$/.exec(request.url ?? "") ?? [];
  const input = JSON.parse(body);
  const context = Buffer.from(input.additionalAuthenticatedData, "base64").toString();
  const bytes = Buffer.from(verb === "encrypt" ? input.plaintext : input.ciphertext, "base64");
  const output = take({ verb, key, context }, bytes);
  if (output === undefined) return refuse(400, "INVALID_ARGUMENT");
  const text = output.toString("base64");
  return { status: 200, body: verb === "encrypt" ? { name: key, ciphertext: text } : { plaintext: text } };
}

function answerToken(request: IncomingMessage, body: string, serviceAccountKey: string | undefined): Answer {
  const granted = {
    status: 200,
    body: { access_token: googleToken, expires_in: 3600, token_type: "Bearer" },
  };
  const refused = { status: 401, body: { error: "invalid_grant" } };
  if (request.method === "GET") return request.headers["metadata-flavor"] === "Google" ? granted : refused;
  const form = new URLSearchParams(body);
  if (form.get("grant_type") === "refresh_token")
    return form.get("refresh_token") === "refresh-me" ? granted : refused;
  const [head = "", claims = "", signature = ""] = (form.get("assertion") ?? "").split(".");
  const verified =
    serviceAccountKey !== undefined &&
    createVerify("RSA-SHA256").update(`${head}.${claims}`).verify(serviceAccountKey, signature, "base64url");
  const { scope } = JSON.parse(Buffer.from(claims, "base64url").toString() || "{}");
  return verified && scope === "https://www.googleapis.com/auth/cloudkms" ? granted : refused;
}

/** Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
function isSigned(request: IncomingMessage, body: string): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=AKIDTEST\/(\d{8})\/([\w-]+)\/kms\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;
  const [, day = "", region = "", names = "", signature] =
    form.exec(request.headers.authorization ?? "") ?? [];
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const mac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const headers = names.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const canonical = ["POST", "/", "", headers.join(""), names, sha256(body)].join("\n");
  const scope = `${day}/${region}/kms/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const steps = [day, region, "kms", "aws4_request", text];
  const expected = steps.reduce<string | Buffer>(mac, `AWS4${awsCredentials.AWS_SECRET_ACCESS_KEY}`);
  return Buffer.from(expected).toString("hex") === signature;
}

function encrypt(secret: Buffer, plain: Buffer, context: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", secret, nonce).setAAD(Buffer.from(context));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(secret: Buffer, sealed: Buffer, context: string): Buffer | undefined {
  const decipher = createDecipheriv("aes-256-gcm", secret, sealed.subarray(0, 12)).setAAD(
    Buffer.from(context),
  );
  decipher.setAuthTag(sealed.subarray(-16));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]);
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}

function send(response: ServerResponse, status: number, body: object, type: string): void {
  response.writeHead(status, { "content-type": type }).end(JSON.stringify(body));
}
