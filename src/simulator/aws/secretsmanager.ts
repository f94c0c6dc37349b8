/** AWS Secrets Manager: secrets without their values. */
import { defineModel, textAt } from "../model.ts";
import { arnOf, autoName, immutable, regional, regionImmutable } from "./naming.ts";

const api = "https://docs.aws.amazon.com/secretsmanager/latest/apireference";

export const secretType = "aws:secretsmanager/secret:Secret";

const secret = defineModel({
  type: secretType,
  service: "Secrets Manager",
  source: `${api}/API_CreateSecret.html`,
  stateful: true,
  autoName: autoName("name", 512),
  id: (subject) => {
    const name = textAt(subject.inputs, "name") ?? subject.resourceName;
    return arnOf("secretsmanager", subject.place, `secret:${name}-${subject.draw("id", 6)}`);
  },
  displayName: (subject) => textAt(subject.inputs, "name") ?? subject.resourceName,
  defaults: (inputs, place) => ({
    ...regional(inputs, place),
    recoveryWindowInDays: 30,
    forceOverwriteReplicaSecret: false,
  }),
  outputs: (subject) => ({ arn: subject.id }),
  immutable: [...immutable(`${api}/API_UpdateSecret.html`, "name", "namePrefix"), regionImmutable],
  unique: [
    {
      key: (subject) => textAt(subject.inputs, "name"),
      refusal: (subject) => ({
        code: "ResourceExistsException",
        message: `The operation failed because the secret ${textAt(subject.inputs, "name")} already exists.`,
      }),
      source: `${api}/API_CreateSecret.html`,
    },
  ],
  seconds: { create: 2, update: 2, delete: 2 },
});

export const secretsManagerModels = [secret];
