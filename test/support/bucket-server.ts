/** An S3 server on this machine, with everything in memory: test/bucket-server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { buildGoProgram } from "./go-program.ts";

export interface BucketServer extends AsyncDisposable {
  /** Of the one bucket that there is, as Pulumi takes it. */
  readonly url: string;
  /** What a client of it must have. */
  readonly variables: Readonly<Record<string, string>>;
}

const bucket = "states";

export async function startBucketServer(): Promise<BucketServer> {
  const child = spawn(await buildGoProgram("bucket-server"), [bucket], { stdio: ["pipe", "pipe", "ignore"] });
  const [address] = await once(createInterface({ input: child.stdout }), "line");
  const parameters = new URLSearchParams({
    endpoint: `http://${address}`,
    use_path_style: "true",
    region: "us-east-1",
  });
  return {
    url: `s3://${bucket}?${parameters}`,
    variables: { AWS_ACCESS_KEY_ID: "anybody", AWS_SECRET_ACCESS_KEY: "any-word" },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, "close");
      child.stdin.end();
      await ended;
    },
  };
}
