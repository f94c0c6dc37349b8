/** What the reference says of `vpc`. */
import type { ComponentAbout } from "../../../src/catalog/about.ts";

const asOf = "2026-11-21";

export const about: ComponentAbout = {
  purpose:
    "The private network that everything else of a site stands in. It cuts one address range into public, private and database subnets, gives each the routes it needs and no more, and records what flows. Rules between workloads are not its business: whoever connects owns the rule.",
  makes: [
    {
      what: "A network and subnets of three tiers",
      why: "Load balancers stand in the public tier, workloads in the private one, databases in one without any route to the internet. On AWS a tier has one subnet in each zone, on Google Cloud one for all zones. No subnet gives out public addresses.",
    },
    {
      what: "Internet gateway, and NAT gateways with addresses of their own",
      why: "Private workloads reach out, nothing reaches in. One gateway is enough where an outage of its zone may be waited out; `prod` has one in each zone.",
      when: "`natGateways` is `single` or `per-zone`",
    },
    {
      what: "A route table for each private subnet, one for the public and one for the database subnets",
      why: "Going from one NAT gateway to one a zone then changes routes and replaces nothing.",
      platforms: ["aws"],
    },
    {
      what: "Gateway endpoints of S3 and DynamoDB",
      why: "Image layers, backups and logs go to S3 without passing, and paying, a NAT gateway. Their policies let anybody read what a bucket admits, since registries sign addresses of layers with accounts of their own, and let principals of this account alone do anything else: credentials from elsewhere carry nothing out.",
      platforms: ["aws"],
    },
    {
      what: "Interface endpoints with private names, and one group that admits HTTPS from the network",
      why: "Nodes without a way out reach the services they need; clients notice nothing. They keep AWS's own policy, which admits all: a token is exchanged at STS without an identity, and IAM decides behind every endpoint anyway.",
      platforms: ["aws"],
      when: "`interfaceEndpoints` names services",
    },
    {
      what: "Private Google Access on every subnet",
      why: "What endpoints are on AWS: Google's services are reached without leaving Google's network.",
      platforms: ["gcp"],
    },
    {
      what: "Flow logs of all traffic, where they are kept, and on AWS a role that may write there and nowhere else",
      why: "Without them nobody can say later who spoke to whom. With `encryption` they are encrypted with the environment's own key.",
      when: "`flowLogs` is on",
    },
    {
      what: "The default security group without a rule",
      why: "Whatever is started without a group of its own falls into it, and reaches nothing.",
      platforms: ["aws"],
    },
    {
      what: "Tags on subnets",
      why: "Load balancer controllers find `kubernetes.io/role/elb` and `kubernetes.io/role/internal-elb`; node provisioners find `karpenter.sh/discovery` on the private subnets. Its value is the network's name, so that several clusters share the subnets of one network.",
      platforms: ["aws"],
    },
  ],
  decided: [
    {
      what: "Size of a block from the address pool",
      value: "/16",
      why: "The largest network AWS takes; halves of it hold 32,766 workload addresses.",
      source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
      asOf,
    },
    {
      what: "Share of the tiers",
      value: "half private, an eighth public, an eighth database, a quarter free",
      why: "Pods take most addresses. Every tier has places for eight zones, so that another zone never moves a subnet, and the free quarter is for what nobody thought of.",
      source: "https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html",
      asOf,
    },
    {
      what: "Smallest network on AWS",
      value: "/21",
      why: "Its public subnets are /27, the least that a load balancer wants.",
      source:
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer",
      asOf,
    },
    {
      what: "Zones, by their ids",
      value: "the first ones of the region that can host EKS",
      why: "Ids mean the same place in every account, letters do not.",
      source: "https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html",
      asOf,
    },
    {
      what: "Aggregation of flow logs",
      value: "60 seconds",
      why: "Ten minutes, the default, are too coarse to follow an incident.",
      source: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
      asOf,
    },
  ],
  notes: [
    "Another `cidr` is another network: everything in it is replaced.",
    "AWS keeps the first four addresses of each subnet and the last one, Google Cloud four.",
    "NAT gateways and interface endpoints are billed by the hour, the zone and the gigabyte; gateway endpoints are free.",
    "`zones: 1` is refused in `prod`. Outside of it, EKS and a subnet group of a database still want two.",
    "A region of an account has room for 5 networks and 20 gateway endpoints unless AWS raises the quota.",
  ],
  example: "vpc: { type: vpc, zones: 3 }",
};
