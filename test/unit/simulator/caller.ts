/** A process of its own for the tests of durability: makes objects in shared clouds and may be killed at any time. */
import { openClouds } from "../../../src/simulator/clouds.ts";

const [path = "", name = "", amount = "0"] = process.argv.slice(2);
const clouds = await openClouds(path, { now: () => new Date(0) });
for (let index = 0; index < Number(amount); index += 1) {
  const type = "aws:sns/topic:Topic";
  const made = await clouds.create({
    urn: `urn:pulumi:s::terrane::${type}::${name}${index}`,
    type,
    place: { cloud: "aws", account: "111122223333", region: "us-east-1" },
    inputs: { name: `${name}${index}` },
  });
  // What was answered is durable: the reader of this line counts on it.
  process.stdout.write(`${made.id}\n`);
}
await clouds.close();
