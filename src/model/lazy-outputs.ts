/**
 * Outputs of resources that are made when somebody first reads them. The SDK makes one for each property that a resource
 * may have, with some thirty promises and closures each, and a program reads hardly any: they were most of what a large
 * program held in memory, and half of what it took. What is read is made by the SDK's own code.
 */

/** Settles one output: value, whether it is known, whether it is secret, what it depends on, or an error. */
export type Settle = (...outcome: unknown[]) => void;

/** `transferProperties` of `runtime/rpc.js` in `@pulumi/pulumi` 3.250.0: property → what settles its output on `onto`. */
export type TransferProperties = (
  onto: object,
  label: string,
  properties: Readonly<Record<string, unknown>>,
) => Record<string, Settle>;

/** The same, but each output is made when it is first read, settled or not. */
export function makeLazily(transfer: TransferProperties): TransferProperties {
  return (onto, label, properties) =>
    Object.fromEntries(
      Object.keys(properties)
        // Every resource has these two by now.
        .filter((name) => name !== "id" && name !== "urn")
        .map((name) => [name, transferLater({ transfer, onto, label, name, property: properties[name] })]),
    );
}

interface Transfer {
  readonly transfer: TransferProperties;
  readonly onto: object;
  readonly label: string;
  readonly name: string;
  readonly property: unknown;
}

function transferLater({ transfer, onto, label, name, property }: Transfer): Settle {
  if (Object.hasOwn(onto, name)) {
    throw new Error(`Property '${name}' is already initialized on target '${label}`);
  }
  let outcome: readonly unknown[] | undefined;
  let settle: Settle | undefined;
  Object.defineProperty(onto, name, {
    configurable: true,
    enumerable: true,
    get: () => {
      Reflect.deleteProperty(onto, name);
      settle = transfer(onto, label, { [name]: property })[name];
      if (outcome !== undefined) settle?.(...outcome);
      return Reflect.get(onto, name);
    },
    set: (value: unknown) => {
      Object.defineProperty(onto, name, { configurable: true, enumerable: true, writable: true, value });
    },
  });
  return (...given) => {
    outcome = given;
    settle?.(...given);
  };
}
