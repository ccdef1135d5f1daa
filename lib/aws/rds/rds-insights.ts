import { type DatabaseEngine, EngineFamily, type MachineClass } from "../../database";
import { MYSQL_CLASSES_WITHOUT_INSIGHTS } from "./data/performance-insights";

/**
 * Whether RDS has no Performance Insights for a machine.
 *
 * @internal
 */
export function lacksInsights(engine: DatabaseEngine, machine: MachineClass): boolean {
  return engine.family === EngineFamily.MYSQL && MYSQL_CLASSES_WITHOUT_INSIGHTS.includes(machine.name);
}

/**
 * Whether Performance Insights are on: as the user says, else wherever there are any.
 *
 * @internal
 */
export function insightsOn(engine: DatabaseEngine, machine: MachineClass, wanted?: boolean): boolean {
  return wanted ?? !lacksInsights(engine, machine);
}
