/** The site of the documentation is built and read in a real browser: every page, its links, its diagrams and the search. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { findProgram, must } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
import { Unavailable } from "../../../tools/machine/unavailable";
import { describeWith } from "../../support/describe-with";
import { type StaticServer, serveFolder } from "../../support/servers/static-server";

const docs = join(repository, "docs");
const pages = readdirSync(docs)
  .filter((file) => file.endsWith(".md") && file !== "index.md")
  .map((file) => basename(file, ".md"));
const diagramsOf = (name: string) =>
  readFileSync(join(docs, `${name}.md`), "utf8").match(/^```mermaid$/gm)?.length ?? 0;

/** Chromium of the system: Playwright's own download needs a network. */
function browserProgram(): string | Unavailable {
  return (
    findProgram(["chromium", "chromium-browser", "google-chrome"]) ??
    new Unavailable("there is no chromium on PATH")
  );
}

describeWith("the site", browserProgram, (program) => {
  let server: StaticServer;
  let browser: Browser;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    must("npm", ["run", "--silent", "docs:site"], { cwd: repository });
    server = await serveFolder(join(docs, ".vitepress", "dist"));
    browser = await chromium.launch({
      executablePath: program,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-sync",
      ],
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on("pageerror", (error) => errors.push(`${page.url()}: ${error.message}`));
    page.on("response", (response) => {
      if (response.status() >= 400) errors.push(`${page.url()}: ${response.status()} ${response.url()}`);
    });
  }, 600_000);

  beforeEach(() => {
    errors.length = 0;
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const linksIn = async (selector: string): Promise<string[]> => {
    const all = await page.locator(selector).all();
    const targets = await Promise.all(all.map((link) => link.getAttribute("href")));
    return targets.flatMap((target) => (target === null ? [] : [new URL(target, page.url()).href]));
  };

  test("has a front page that leads to the guide and to the API reference", async () => {
    await page.goto(`${server.url}/`);
    await page.getByRole("link", { name: "Getting started" }).first().click();
    await page.waitForURL(/getting-started/);
    expect(await page.locator("h1").first().innerText()).toMatch(/Getting started/);
    await page.goto(`${server.url}/`);
    await page.getByRole("link", { name: "API reference" }).first().click();
    await page.waitForURL(/reference/);
    expect(errors).toEqual([]);
  });

  test.each(pages)("%s is shown, with its diagrams, and its links lead somewhere", async (name) => {
    await page.goto(`${server.url}/${name}.html`);
    const title = /^# (.+)$/m.exec(readFileSync(join(docs, `${name}.md`), "utf8"))?.[1]?.replace(/[`*]/g, "");
    expect(await page.locator("h1").first().innerText()).toContain(title);
    const diagrams = diagramsOf(name);
    // A diagram is drawn beside the page and then put in its place, so it may be there twice or without a size for a moment. A label in
    // HTML has the page's line height and is cut off.
    if (diagrams > 0)
      await page.waitForFunction(
        `(() => {
          const drawn = [...document.querySelectorAll(".mermaid svg")].filter((svg) => svg.getBoundingClientRect().width > 50);
          return drawn.length >= ${diagrams} && drawn.every((svg) => !/Syntax error|<foreignObject/.test(svg.innerHTML));
        })()`,
        undefined,
        { timeout: 60_000 },
      );
    const links = await linksIn("main a[href]");
    const lost = links
      .filter((link) => link.startsWith(server.url))
      .map((link) => new URL(link).pathname)
      .filter((path) => !existsSync(join(docs, ".vitepress", "dist", path.replace(/\/$/, "/index.html"))));
    expect(lost).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("the sidebar has every page", async () => {
    await page.goto(`${server.url}/getting-started.html`);
    const links = (await linksIn(".VPSidebar a")).map((link) => new URL(link).pathname);
    expect(links.map((link) => basename(link, ".html")).sort()).toEqual([...pages].sort());
  });

  test("finds a construct by the search", async () => {
    await page.goto(`${server.url}/getting-started.html`);
    await page.locator("#local-search button").first().click();
    await page.locator("#localsearch-input").fill("PgBouncer");
    await page.waitForSelector(".results .result");
    expect(await page.locator(".results .result").count()).toBeGreaterThan(0);
    expect(errors).toEqual([]);
  });

  test("the API reference describes a construct and its props", async () => {
    await page.goto(`${server.url}/reference/index.html`);
    expect(await page.locator("body").innerText()).toMatch(/lib\/aws/);
    const classes = join(docs, ".vitepress", "dist", "reference", "classes");
    const file = readdirSync(classes).find((each) => each.endsWith(".RdsServer.html"));
    await page.goto(`${server.url}/reference/classes/${file}`);
    const text = await page.locator("body").innerText();
    expect(text).toMatch(/RdsServer/);
    expect(text).toMatch(/database\(/);
    expect(errors).toEqual([]);
  });
});
