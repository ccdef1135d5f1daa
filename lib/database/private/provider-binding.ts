import type { SynthChecks } from "./synth-checks";

/**
 * Refuses bindings of a provider that do not know an argument. They drop it silently, and with it the protection that it
 * sets; npm only warns about the version of an optional peer.
 *
 * @param checks where to report.
 * @param resource the class of the resource.
 * @param argument the argument, as the bindings write it.
 * @param needed the package and the first version that knows the argument, such as `@cdktf/provider-google 16.5.0`.
 */
export function requireArgument(
  checks: SynthChecks,
  resource: { readonly name: string; readonly prototype: object },
  argument: string,
  needed: string,
): void {
  if (argument in resource.prototype) return;
  checks.fail(
    "provider bindings",
    `${resource.name} without ${argument}`,
    `must be ${needed} or later, since older ones leave the argument out; update the package`,
    "providerBindings",
  );
}
