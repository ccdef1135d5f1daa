import type { SynthChecks } from "../synth-checks";

/** Reports a text that is no time zone. @internal */
export function checkTimeZone(checks: SynthChecks, timeZone: string | undefined): void {
  const known = () => {
    try {
      return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
    } catch {
      return false;
    }
  };
  // Kubernetes refuses "Local", and takes names of the IANA database only, which offsets such as +01:00 are not.
  checks.check(
    "timeZone",
    timeZone,
    () => /^[A-Za-z]/.test(timeZone as string) && known(),
    "must be a name of the IANA time zone database, such as Europe/Berlin",
  );
}
