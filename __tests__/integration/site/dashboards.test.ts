/**
 * The dashboards as pictures: each format's grid drawn to scale by a real browser. No tile is empty or covers another, no title is cut.
 * The pictures are written to the folder that DEVPLATFORMS_PICTURES names, to be looked at; no vendor's renderer is asked.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { TerraformOutput, type TerraformStack } from "cdktf";
import { type Browser, chromium } from "playwright-core";
import { RdsAlarms, RdsReadReplica } from "../../../lib/aws";
import { rdsDashboardBody } from "../../../lib/aws/monitoring/rds-dashboard-body";
import { azureDashboardProperties } from "../../../lib/azure/monitoring/azure-dashboard-properties";
import { MONITORING } from "../../../lib/azure/monitoring/data/monitoring";
import { DatabaseEngine, MysqlVersion } from "../../../lib/database";
import { CloudSqlAlerts } from "../../../lib/google";
import { cloudSqlDashboardBody } from "../../../lib/google/monitoring/cloud-sql-dashboard-body";
import { findProgram } from "../../../tools/machine/processes";
import { Unavailable } from "../../../tools/machine/unavailable";
import { mysql, postgres } from "../../support/azure-stack";
import {
  azurePortal,
  cloudMonitoring,
  cloudWatch,
  type Dashboard,
  grafana,
  pictureOf,
} from "../../support/dashboard-tiles";
import { describeWith } from "../../support/describe-with";
import { monitoringTexts } from "../../support/monitored-applications";
import { synthesize } from "../../support/synth";
import { server as rds } from "../../unit/aws/fixture";
import { server as cloudSql, MYSQL } from "../../unit/google/fixture";

function written(make: (stack: TerraformStack) => object): object {
  const { json } = synthesize((stack) => {
    new TerraformOutput(stack, "dashboard", { value: make(stack) });
  });
  return json.output.dashboard.value;
}

const ofRds = (make: (stack: TerraformStack) => ReturnType<typeof rds> | RdsReadReplica) =>
  written((stack) => {
    const server = make(stack);
    const { alarms } = new RdsAlarms(stack, "alarms", {
      server,
      alarmTopicArn: "arn:aws:sns:eu-central-1:123456789012:a",
    });
    return rdsDashboardBody(server, "eu-central-1", alarms);
  });

const ofCloudSql = (make: (stack: TerraformStack) => ReturnType<typeof cloudSql>) =>
  written((stack) => {
    const server = make(stack);
    const { policies } = new CloudSqlAlerts(stack, "alerts", {
      server,
      notificationChannels: ["projects/platform/notificationChannels/1"],
    });
    return cloudSqlDashboardBody(server, policies);
  });

const ofAzure = (make: (stack: TerraformStack) => ReturnType<typeof postgres> | ReturnType<typeof mysql>) =>
  written((stack) => {
    const server = make(stack);
    const metrics = MONITORING[server.engine.family];
    if (!metrics) throw new Error("no metrics");
    return azureDashboardProperties(server, metrics);
  });

function dashboards(): Dashboard[] {
  const mysql84 = DatabaseEngine.mysql(MysqlVersion.V8_4);
  return [
    cloudWatch("rds-postgres", ofRds(rds)),
    cloudWatch(
      "rds-mysql",
      ofRds((stack) => rds(stack, { engine: mysql84 })),
    ),
    cloudWatch(
      "rds-replica",
      ofRds((stack) => new RdsReadReplica(stack, "replica", { source: rds(stack) })),
    ),
    cloudMonitoring("cloud-sql-postgres", ofCloudSql(cloudSql)),
    cloudMonitoring(
      "cloud-sql-mysql",
      ofCloudSql((stack) => cloudSql(stack, { engine: MYSQL })),
    ),
    azurePortal("azure-postgres", ofAzure(postgres)),
    azurePortal("azure-mysql", ofAzure(mysql)),
    grafana("grafana", JSON.parse(monitoringTexts().dashboard.data["test-monitoring.json"])),
  ];
}

/** Titles that are cut, tiles without a text, and tiles that cover each other, as the browser has drawn them. */
const MISTAKES = `(() => {
  const tiles = [...document.querySelectorAll(".tile")];
  const name = (tile) => tile.querySelector(".title").textContent;
  const boxes = tiles.map((tile) => [name(tile), tile.getBoundingClientRect()]);
  const cut = tiles.filter((tile) => { const t = tile.querySelector(".title"); return t.scrollWidth > t.clientWidth; });
  const empty = tiles.filter((tile) => tile.querySelectorAll("li").length === 0);
  const covers = boxes.flatMap(([a, one], i) => boxes.slice(i + 1)
    .filter(([, other]) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)
    .map(([b]) => a + " covers " + b));
  return [...cut.map((tile) => name(tile) + " is cut"), ...empty.map((tile) => name(tile) + " is empty"), ...covers];
})()`;

describeWith(
  "dashboards in a browser",
  () =>
    findProgram(["chromium", "chromium-browser", "google-chrome"]) ??
    new Unavailable("there is no chromium on PATH"),
  (program) => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu"] });
    });
    afterAll(async () => {
      await browser?.close();
    });

    const mistakesOf = async (dashboard: Dashboard) => {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await page.setContent(pictureOf(dashboard));
      const folder = process.env.DEVPLATFORMS_PICTURES;
      if (folder) {
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: join(folder, `${dashboard.name}.png`), fullPage: true });
      }
      const mistakes = await page.evaluate(MISTAKES);
      await page.close();
      return mistakes;
    };

    test("no tile is empty, none covers another, no title is cut", async () => {
      for (const dashboard of dashboards()) {
        expect([dashboard.name, dashboard.tiles.length > 8, await mistakesOf(dashboard)]).toEqual([
          dashboard.name,
          true,
          [],
        ]);
      }
    });

    test("a picture with such mistakes shows them", async () => {
      const tile = { x: 0, y: 0, width: 8, height: 4, title: "A", lines: ["CPU"] };
      const bad = { name: "bad", columns: 24, cellHeight: 50 };
      expect(await mistakesOf({ ...bad, tiles: [tile, { ...tile, x: 7, title: "B", lines: [] }] })).toEqual([
        "B is empty",
        "A covers B",
      ]);
      const long = "Transaction IDs of all databases that are not frozen yet, by database and by day";
      expect(await mistakesOf({ ...bad, tiles: [{ ...tile, title: long }] })).toEqual([`${long} is cut`]);
    });
  },
);
