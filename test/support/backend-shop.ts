/** A project whose terrane.yaml keeps its states in another Pulumi backend. */
import { environmentText, makeProject, networkBlueprint } from "./project.ts";

export const environment = environmentText("shop", "platform");

/**
 * @param url of the backend, as a variable of the project's environment has it
 * @param others variables that its clients need
 */
export async function makeShop(url: string, others: Readonly<Record<string, string>> = {}) {
  const project = await makeProject({
    "terrane.yaml": `apiVersion: terrane.dev/v1\nkind: Project\nmetadata: { name: test }\nstate: { url: { fromEnv: STATE_URL }, passphrase: { fromEnv: STATE_PASSPHRASE } }\n`,
    "blueprints/platform/blueprint.yaml": networkBlueprint,
    "environments/shop.yaml": environment,
  });
  const variables = {
    ...project.context.environment,
    ...others,
    STATE_PASSPHRASE: "passphrase of the backend",
    STATE_URL: url,
  };
  return { project, context: { ...project.context, environment: variables } };
}
