/** The one pinned version of the Pulumi engine. It pairs with `@pulumi/pulumi` and with `tools/engine/go.mod`; a test compares the three. */
export const pinnedEngineVersion = "3.250.0";
