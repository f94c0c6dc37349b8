/**
 * Instance types that the simulated EC2 launches: families by processor and what is known of their places. Written apart
 * from what validation knows, from https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-types.html, as of 2026-11.
 */

const families: Readonly<Record<string, readonly string[]>> = {
  arm64: ["m6g", "m6gd", "m7g", "m7gd", "m8g", "c6g", "c6gn", "c7g", "c7gd", "c7gn", "c8g"].concat([
    "r6g",
    "r6gd",
    "r7g",
    "r7gd",
    "r8g",
    "t4g",
    "g5g",
    "im4gn",
    "is4gen",
    "x2gd",
  ]),
  x86_64: ["m5", "m5a", "m5d", "m5n", "m6a", "m6i", "m6id", "m7a", "m7i", "m7i-flex", "m8i"].concat(
    ["c5", "c5a", "c5d", "c5n", "c6a", "c6i", "c6id", "c7a", "c7i", "c7i-flex", "r5", "r5a", "r6a", "r6i"],
    [
      "r7a",
      "r7i",
      "t2",
      "t3",
      "t3a",
      "g4dn",
      "g5",
      "g6",
      "p4d",
      "p5",
      "i3",
      "i4i",
      "x2idn",
      "m4",
      "c4",
      "r4",
    ],
  ),
};

const size = /^(nano|micro|small|medium|large|xlarge|\d{1,2}xlarge|metal)$/;

/** Processor of an instance type as EC2 writes it; undefined for a type that EC2 does not have. */
export function processorOf(type: string): "arm64" | "x86_64" | undefined {
  const [family = "", rest = "", ...more] = type.split(".");
  if (more.length > 0 || !size.test(rest)) return undefined;
  if (families["arm64"]?.includes(family)) return "arm64";
  return families["x86_64"]?.includes(family) ? "x86_64" : undefined;
}
