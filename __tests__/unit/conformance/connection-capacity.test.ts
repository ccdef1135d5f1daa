import { Cloud, DatabaseEngine, MachineSize, MysqlVersion, PostgresVersion } from "../../../lib/database";
import { connectionCapacity, machineOn, reservedConnections } from "../../support/cloud-facts";

const PG = DatabaseEngine.postgres(PostgresVersion.V17);
const MYSQL = DatabaseEngine.mysql(MysqlVersion.V8_4);

const maximum = (cloud: Cloud, engine: DatabaseEngine, memoryGiB: number) =>
  connectionCapacity(cloud, engine, { name: "m", memoryGiB, burstable: false })?.maximum;

// The tables of the clouds, as published or measured; RDS at 0.85 of the formula, since a server sees less memory.
describe.each([
  [
    Cloud.AWS,
    PG,
    [
      [1, 95],
      [2, 191],
      [4, 383],
      [8, 766],
      [16, 1532],
      [32, 3064],
      [48, 4596],
      [64, 5000],
      [512, 5000],
    ],
  ],
  [
    Cloud.AWS,
    MYSQL,
    [
      [1, 72],
      [8, 580],
      [16, 1160],
      [64, 4642],
      [256, 16_000],
      [512, 16_000],
    ],
  ],
  [
    Cloud.GOOGLE,
    PG,
    [
      [0.6, 25],
      [1.7, 50],
      [3.75, 100],
      [4, 100],
      [6, 200],
      [7.5, 400],
      [8, 400],
      [15, 500],
      [16, 500],
      [30, 600],
      [60, 800],
      [120, 1000],
      [864, 1000],
    ],
  ],
  [
    Cloud.GOOGLE,
    MYSQL,
    [
      [0.6, 250],
      [1.7, 1000],
      [3.75, 4000],
      [512, 4000],
    ],
  ],
  [
    Cloud.AZURE,
    PG,
    [
      [2, 50],
      [4, 429],
      [8, 859],
      [16, 1718],
      [32, 3437],
      [48, 5000],
      [64, 5000],
      [384, 5000],
    ],
  ],
  [
    Cloud.AZURE,
    MYSQL,
    [
      [2, 171],
      [4, 341],
      [8, 683],
      [16, 1365],
      [32, 2731],
      [48, 2731],
      [64, 5461],
      [128, 10_923],
      [256, 21_845],
      [512, 21_845],
    ],
  ],
] as [Cloud, DatabaseEngine, [number, number][]][])("%s, %p", (cloud, engine, table) => {
  test.each(table)("%d GiB: %d connections", (memoryGiB, connections) => {
    expect(maximum(cloud, engine, memoryGiB)).toBe(connections);
  });
});

test.each([
  [Cloud.AWS, 8],
  [Cloud.GOOGLE, 10],
  [Cloud.AZURE, 15],
])("%s keeps %d for itself", (cloud, reserved) => {
  expect(reservedConnections(cloud)).toBe(reserved);
});

test("says where the number comes from", () => {
  const machine = machineOn(MachineSize.general(2), Cloud.AWS, PG);
  expect(machine && connectionCapacity(Cloud.AWS, PG, machine)).toEqual({
    maximum: 766,
    reserved: 8,
    basis: "the default of db.m7g.large",
  });
});

test("is not known if the memory is not known", () => {
  expect(connectionCapacity(Cloud.AWS, PG, { name: "db.z1d.large", burstable: false })).toBeUndefined();
});
