/** The search for leaked values finds one, where one is. */

import { terraformWithMirror } from "../../../tools/machine/terraform";
import { describeWith } from "../../support/describe-with";
import { fixture } from "../../support/fixtures";
import { ephemeralPatterns, sightings } from "../../support/terraform/canary";
import { StackCopy } from "../../support/terraform/stack-copy";

test("knows which ephemeral values a stack uses", () => {
  const value = "${urlencode(ephemeral.random_password.a.result)}/${ephemeral.some_secret.b-c.text}";
  const patterns = ephemeralPatterns({ terraform: {}, resource: { x: { y: { z: value } } } });
  expect(patterns.map((each) => each.source)).toEqual([
    "random_password\\.result-[0-9a-f]{8,}",
    "some_secret\\.text-[0-9a-f]{8,}",
  ]);
});

test("does not print the secret that it found", () => {
  expect(sightings([{ name: "state", text: "x hunter2 y" }], ["hunter2"])).toEqual(["state holds secret 0"]);
});

describeWith("on a stack that stores a generated password", terraformWithMirror, (terraform) => {
  test("finds it in the state and in the plan", async () => {
    const stack = fixture("policy", "bad-secrets");
    const copy = new StackCopy(terraform, stack.folder);
    try {
      copy.init();
      await copy.apply();
      const patterns = ephemeralPatterns(stack.json);
      expect(patterns).toHaveLength(1);
      const documents = [...copy.written(), { name: "plan", text: JSON.stringify(copy.plan()) }];
      // The stand-ins give the stored resource of the same type the same text, which stands for the leak here.
      expect(sightings(documents, patterns).map((line) => line.split(" ")[0])).toEqual([
        "terraform.tfstate",
        "plan",
      ]);
    } finally {
      copy.remove();
    }
  });
});
