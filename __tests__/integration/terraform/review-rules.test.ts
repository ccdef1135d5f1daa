/**
 * Each rule of the review holds for a pair of resources, before and after, that Terraform plans over the true schemas: update or
 * replacement is decided by the providers' own rules. One plan holds all pairs.
 */
import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { AWS_PAIRS, STAND_IN_AWS_PAIRS } from "../../support/review/pairs-aws";
import { AZURE_PAIRS } from "../../support/review/pairs-azure";
import { GOOGLE_PAIRS } from "../../support/review/pairs-google";
import { KUBERNETES_PAIRS } from "../../support/review/pairs-kubernetes";
import { plannedPairs } from "../../support/review/planned-pairs";
import { expected, told } from "../../support/review/told";

describeWith("rules of the review", terraformWithMirror, (terraform) => {
  test("hold for the pairs as Terraform plans them", () => {
    const pairs = [...AWS_PAIRS, ...STAND_IN_AWS_PAIRS, ...GOOGLE_PAIRS, ...AZURE_PAIRS, ...KUBERNETES_PAIRS];
    const planned = plannedPairs(terraform, {
      pairs,
      providers: {
        aws: { region: "eu-central-1" },
        azurerm: { features: {}, subscription_id: "00000000-0000-0000-0000-000000000000" },
        google: { project: "p", region: "europe-west3" },
        helm: {},
        kubernetes: {},
        random: {},
        tls: {},
      },
    });
    expect(planned.map(told)).toEqual(pairs.map(expected));
  });
});
