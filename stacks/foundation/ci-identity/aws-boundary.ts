/**
 * What a pipeline may never do, whatever permissions it is given: become somebody else, widen its own permissions, or
 * cover its tracks. A boundary grants nothing; it takes away.
 *
 * Sources, as of 2026-11-21:
 * - boundaries: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 * - actions and their condition keys:
 *   https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 * - `aws:ResourceAccount`: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
import { policyDocument, type Statement } from "../../access/aws.ts";

export interface BoundaryNames {
  /** Name of the boundary's own policy. */
  readonly boundary: string;
  /** Name of the pipeline's role. */
  readonly role: string;
  /** Name of the environment: what it makes is called `<environment>-…`. */
  readonly environment: string;
}

export function boundaryPolicy(names: BoundaryNames): string {
  return policyDocument([
    { Sid: "Everything", Effect: "Allow", Action: ["*"], Resource: ["*"] },
    ...noEscape(names),
    noOtherSelf,
    noUsers,
    noTrustedStrangers,
    noCoveredTracks,
    noLostKeys,
    noLeaving,
  ]);
}

// An account's number is not needed: what these statements stand on is always in the role's own account.
function noEscape({ boundary, role, environment }: BoundaryNames): readonly Statement[] {
  const own = `arn:aws:iam::*:policy/${boundary}`;
  return [
    {
      // A role without this boundary could do what the pipeline may not.
      Sid: "OnlyBoundedRoles",
      Effect: "Deny",
      Action: [
        "iam:CreateRole",
        "iam:AttachRolePolicy",
        "iam:PutRolePolicy",
        "iam:PutRolePermissionsBoundary",
      ],
      Resource: ["*"],
      Condition: { StringNotLike: { "iam:PermissionsBoundary": own } },
    },
    {
      Sid: "OnlyOwnRolesPassed",
      Effect: "Deny",
      Action: ["iam:PassRole"],
      NotResource: [`arn:aws:iam::*:role/${environment}-*`],
    },
    {
      Sid: "BoundaryStays",
      Effect: "Deny",
      Action: [
        ...["iam:CreatePolicyVersion", "iam:DeletePolicy", "iam:DeletePolicyVersion"],
        ...["iam:SetDefaultPolicyVersion", "iam:TagPolicy", "iam:UntagPolicy"],
      ],
      Resource: [own],
    },
    {
      Sid: "OwnRoleStays",
      Effect: "Deny",
      Action: [
        "iam:Attach*",
        "iam:Delete*",
        "iam:Detach*",
        "iam:Put*",
        "iam:Tag*",
        "iam:Untag*",
        "iam:Update*",
      ],
      Resource: [`arn:aws:iam::*:role/${role}`],
    },
    {
      Sid: "NoUnbinding",
      Effect: "Deny",
      Action: ["iam:DeleteRolePermissionsBoundary", "iam:UpdateAssumeRolePolicy"],
      Resource: ["*"],
    },
  ];
}

/** Roles of other accounts decide for themselves whom they trust. */
const noOtherSelf: Statement = {
  Sid: "NoOtherRole",
  Effect: "Deny",
  Action: ["sts:AssumeRole"],
  Resource: ["*"],
  Condition: { StringEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } },
};

const noUsers: Statement = {
  Sid: "NoUsers",
  Effect: "Deny",
  Action: [
    ...["iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachUserPolicy", "iam:CreateAccessKey"],
    ...["iam:CreateLoginProfile", "iam:CreateServiceSpecificCredential", "iam:CreateUser"],
    ...["iam:CreateVirtualMFADevice", "iam:DeactivateMFADevice", "iam:DeleteUserPermissionsBoundary"],
    ...["iam:PutGroupPolicy", "iam:PutUserPermissionsBoundary", "iam:PutUserPolicy"],
    ...["iam:ResetServiceSpecificCredential", "iam:UpdateAccessKey", "iam:UpdateLoginProfile"],
    ...["iam:UploadSSHPublicKey", "iam:UploadSigningCertificate"],
  ],
  Resource: ["*"],
};

const noTrustedStrangers: Statement = {
  Sid: "NoIdentityProviders",
  Effect: "Deny",
  Action: [
    ...[
      "iam:AddClientIDToOpenIDConnectProvider",
      "iam:CreateOpenIDConnectProvider",
      "iam:CreateSAMLProvider",
    ],
    ...["iam:DeleteOpenIDConnectProvider", "iam:DeleteSAMLProvider"],
    ...["iam:RemoveClientIDFromOpenIDConnectProvider", "iam:UpdateOpenIDConnectProviderThumbprint"],
    ...["iam:UpdateSAMLProvider", "rolesanywhere:Create*", "rolesanywhere:Update*"],
  ],
  Resource: ["*"],
};

const noCoveredTracks: Statement = {
  Sid: "TracesStay",
  Effect: "Deny",
  Action: [
    ...["access-analyzer:DeleteAnalyzer", "cloudtrail:DeleteEventDataStore", "cloudtrail:DeleteTrail"],
    ...["cloudtrail:PutEventSelectors", "cloudtrail:StopEventDataStoreIngestion", "cloudtrail:StopLogging"],
    ...["cloudtrail:UpdateTrail", "config:DeleteConfigurationRecorder", "config:DeleteDeliveryChannel"],
    ...["config:StopConfigurationRecorder", "guardduty:DeleteDetector", "guardduty:UpdateDetector"],
    ...["guardduty:Disassociate*", "securityhub:DisableSecurityHub"],
  ],
  Resource: ["*"],
};

const noLostKeys: Statement = {
  Sid: "KeysStay",
  Effect: "Deny",
  Action: ["kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion"],
  Resource: ["*"],
};

const noLeaving: Statement = {
  Sid: "AccountStays",
  Effect: "Deny",
  Action: [
    ...["account:CloseAccount", "account:Delete*", "account:DisableRegion", "account:EnableRegion"],
    ...[
      "account:Put*",
      "iam:CreateAccountAlias",
      "iam:DeleteAccountAlias",
      "iam:DeleteAccountPasswordPolicy",
    ],
    ...["iam:UpdateAccountPasswordPolicy", "organizations:LeaveOrganization"],
  ],
  Resource: ["*"],
};
