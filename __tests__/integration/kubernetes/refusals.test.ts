/** The API server refuses what is wrong, also where the provider's schema lets it pass. */
import { describeWith } from "../../support/describe-with";
import { fixture } from "../../support/fixtures";
import { kubernetesTools } from "../../support/kubernetes/kubernetes-tools";
import { KubeApiserver } from "../../support/servers/kube-apiserver";
import { judge, type Verdict } from "./judge";

describeWith("bad objects on a real API server", kubernetesTools, (tools) => {
  let server: KubeApiserver;
  let verdict: Verdict;
  beforeAll(async () => {
    server = await KubeApiserver.start(tools.kubernetes);
    verdict = await judge(server, tools.terraform, fixture("kubernetes", "bad-objects"));
  });
  afterAll(() => server?.stop());

  test("takes the good objects, in all their parts", () => {
    expect([...verdict.taken].sort()).toEqual([
      "kubernetes_job_v1.good",
      "kubernetes_namespace_v1.good",
      "kubernetes_secret_v1.good",
      "kubernetes_service_account_v1.good",
    ]);
  });

  test("refuses the bad ones", () => {
    expect(verdict.refused).toEqual([
      expect.stringMatching(/^kubernetes_job_v1\.no_such_volume: 422 .*volumeMounts\[0\]\.name: Not found/s),
      expect.stringMatching(/^kubernetes_secret_v1\.bad_key: 422 .*a valid config key must consist of/s),
      expect.stringMatching(/^kubernetes_secret_v1\.no_certificate: 422 .*tls\.crt/s),
    ]);
  });

  test("refuses a field that it does not know", async () => {
    const metadata = { name: "strict", labell: {} };
    const object = { apiVersion: "v1", kind: "Namespace", metadata };
    const answer = await server.apply("/api/v1/namespaces/strict", object, true);
    expect(answer).toMatchObject({ status: 500, body: { message: expect.stringContaining("labell") } });
  });
});
