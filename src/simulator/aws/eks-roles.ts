/** Amazon EKS: whether the roles that it is given trust whoever is to work as them. */
import {
  asMap,
  type CloudView,
  listAt,
  type Refusal,
  type StoredObject,
  type Subject,
  textAt,
} from "../model.ts";
import { invalidParameter } from "./eks-network.ts";
import { roleType, trusts } from "./iam.ts";
import { statementsOf, textsOf } from "./policy-document.ts";

const podService = "pods.eks.amazonaws.com";

/** https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html */
export function trustsControlPlane(subject: Subject, view: CloudView): Refusal | undefined {
  const arn = textAt(subject.inputs, "roleArn") ?? "";
  const role = view.find(roleType, arn, subject.place);
  if (role === undefined || trusts(role, "eks.amazonaws.com")) return undefined;
  return invalidParameter(
    `Role with arn: ${arn}, could not be assumed because it does not exist or the trusted entity is not correct`,
  );
}

/** https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html */
export function trustsNodes(subject: Subject, view: CloudView): Refusal | undefined {
  const arn = textAt(subject.inputs, "nodeRoleArn") ?? "";
  const role = view.find(roleType, arn, subject.place);
  if (role === undefined || trusts(role, "ec2.amazonaws.com")) return undefined;
  return invalidParameter(
    `Following required service principals [ec2.amazonaws.com] were not found in the trust relationships of nodeRole ${arn}`,
  );
}

/** https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html: an association's own role, or those of an add-on. */
export function trustsPods(subject: Subject, view: CloudView): Refusal | undefined {
  const associations = [subject.inputs, ...listAt(subject.inputs, "podIdentityAssociations").map(asMap)];
  const roles = associations.flatMap(
    (each) => view.find(roleType, textAt(each, "roleArn") ?? "", subject.place) ?? [],
  );
  return roles.every(admitsPods)
    ? undefined
    : invalidParameter(
        "Trust policy of the role provided is invalid. Follow the official documentation to resolve the issue",
      );
}

function admitsPods(role: StoredObject): boolean {
  return statementsOf(textAt(role.inputs, "assumeRolePolicy")).some((statement) => {
    const actions = textsOf(statement["Action"]);
    return (
      statement["Effect"] === "Allow" &&
      textsOf(asMap(statement["Principal"])["Service"]).includes(podService) &&
      ["sts:AssumeRole", "sts:TagSession"].every((action) => actions.includes(action))
    );
  });
}
