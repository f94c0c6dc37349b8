/**
 * How a node provisioner finds the subnets it may start nodes in. The value is the network's, not a cluster's, so
 * several clusters share the subnets of one network and none has to tag what it does not own.
 * https://karpenter.sh/docs/concepts/nodeclasses/#specsubnetselectorterms, as of 2026-11-21.
 */

/** Key of the tag on private subnets; its value is the output `discoveryTag` of the network. */
export const discoveryTagKey = "karpenter.sh/discovery";
