/** Ruby, and what it makes of a gitlab.rb. */
import { join } from "node:path";
import { PACKAGE_SECTIONS, PACKAGE_TOP_SETTINGS } from "../../../lib/gitlab/linux-package/data/package-keys";
import { findProgram, must, run } from "../../../tools/machine/processes";
import { repository } from "../../../tools/machine/repository";
import { Unavailable } from "../../../tools/machine/unavailable";
import type { Json } from "../synth";

export class Ruby {
  public constructor(private readonly program: string) {}

  /** What Ruby says against the syntax, warnings included; nothing when all is well. */
  public complaints(text: string): string {
    const done = run(this.program, ["-wc"], { input: text });
    return done.code === 0 && done.stdout.trim() === "Syntax OK" && done.stderr.trim() === ""
      ? ""
      : `${done.stdout}${done.stderr}`;
  }

  /** The settings that a gitlab.rb makes. Throws what Ruby says when it fails. */
  public settings(gitlabRb: string): Json {
    const script = join(repository, "__tests__", "support", "servers", "gitlab-rb.rb");
    const names = JSON.stringify({ sections: PACKAGE_SECTIONS, tops: PACKAGE_TOP_SETTINGS });
    // Without a locale, as a service of the system runs.
    const env = { PATH: process.env.PATH, LC_ALL: "C", LANG: "C" };
    return JSON.parse(must(this.program, [script, names], { input: gitlabRb, env }));
  }

  /** The value of one expression. */
  public value(expression: string): Json {
    return this.settings(`# encoding: utf-8\nuser['value'] = ${expression}\n`).user.value;
  }
}

export function ruby(): Ruby | Unavailable {
  const program = findProgram(["ruby"]);
  return program === undefined ? new Unavailable("there is no ruby on PATH") : new Ruby(program);
}
