/** The HTML of a review in a real browser: it shows the picture, loads nothing from elsewhere, and runs nothing that a plan contains. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { renderHtml, reviewPlan } from "../../../lib/review";
import { findProgram } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { HOSTILE_PARTS, hostilePlan } from "../../support/review/hostile-plan";
import { configurationJson, planJson } from "../../support/review/plan-json";

const evil = `aws_iam_role.a["<script>document.title='run'</script><img src=x onerror=document.title='run'>"]`;
const plan = planJson(
  [
    { actions: ["update"], before: { backup_retention_period: 14 }, after: { backup_retention_period: 0 } },
    { type: "aws_iam_role", address: evil, actions: ["delete"] },
  ],
  {
    configuration: configurationJson({
      "aws_db_instance.a": [],
      "helm_release.coder": ["aws_db_instance.a.address"],
      "kubernetes_job_v1.setup": ["aws_db_instance.a.address"],
    }),
  },
);

function browserProgram(): string | Unavailable {
  return (
    findProgram(["chromium", "chromium-browser", "google-chrome"]) ??
    new Unavailable("there is no chromium on PATH")
  );
}

describeWith("the HTML of a review", browserProgram, (program) => {
  test("shows the affected applications beside the server, and nothing of the plan runs", async () => {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-report-"));
    const file = join(folder, "review.html");
    writeFileSync(file, renderHtml(reviewPlan(plan)));
    const browser = await chromium.launch({
      executablePath: program,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const requests: string[] = [];
      const errors: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => errors.push(message.text()));
      await page.goto(pathToFileURL(file).href);
      expect(requests).toEqual([pathToFileURL(file).href]);
      expect(errors).toEqual([]);
      expect(await page.title()).toBe("Plan review");
      expect(await page.locator("h1").innerText()).toMatch(/^APPROVAL NEEDED/);
      expect(await page.locator("body").innerText()).toContain("<script>document.title='run'</script>");
      const boxOf = async (text: string) => {
        const box = await page.locator("svg g", { hasText: text }).first().boundingBox();
        if (box === null) throw new Error(`${text} is not visible`);
        return box;
      };
      const server = await boxOf("aws_db_instance.a");
      for (const application of ["helm_release.coder", "kubernetes_job_v1.setup"]) {
        const box = await boxOf(application);
        expect(box.x).toBeGreaterThan(server.x + server.width);
        expect(box.x + box.width).toBeLessThanOrEqual(1280);
      }
      expect(await page.locator("svg path").count()).toBe(2);
      // No text runs out of the window.
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(1280);
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("has no element and no attribute from the names of a plan", async () => {
    const folder = mkdtempSync(join(tmpdir(), "devplatforms-report-"));
    const browser = await chromium.launch({
      executablePath: program,
      args: ["--no-sandbox", "--disable-gpu"],
    });
    const shapeOf = async (name: string) => {
      const { plan, options } = hostilePlan(name);
      const file = join(folder, "review.html");
      writeFileSync(file, renderHtml(reviewPlan(plan, options)));
      const page = await browser.newPage();
      const requests: string[] = [];
      page.on("request", (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      expect(requests).toEqual([pathToFileURL(file).href]);
      const shape = await page.evaluate(
        `[...document.querySelectorAll("*")].map((each) => [each.tagName, ...each.getAttributeNames()].join(" ")).join("\\n")`,
      );
      await page.close();
      return shape;
    };
    try {
      const plain = await shapeOf("");
      for (let at = 0; at < HOSTILE_PARTS.length; at += 15) {
        expect(await shapeOf(HOSTILE_PARTS.slice(at, at + 15).join(""))).toBe(plain);
      }
    } finally {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
