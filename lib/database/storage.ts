/** Storage of a server. */
export interface StorageProps {
  /**
   * Allocated storage at creation, in whole GiB; may be a token. It never shrinks, and growth by the cloud is not a diff in the
   * plan. 20 to 65,536 on RDS, 10 to 65,536 on Cloud SQL, 20 to 16,384 for MySQL on Azure; PostgreSQL on Azure has fixed sizes from
   * 32 to 32,767, and a size between two of them is rounded up.
   */
  readonly sizeGiB: number;
  /**
   * Limit of storage autoscaling, in whole GiB; may be a token. Azure grows storage without a limit.
   * @default - storage autoscaling is disabled
   */
  readonly maxSizeGiB?: number;
  /**
   * Provisioned IOPS; may be a token. RDS from 400 GiB (12,000 to 64,000), MySQL on Azure (360 to 48,000).
   * @default - the cloud's IOPS for the size
   */
  readonly iops?: number;
  /**
   * Provisioned throughput in MiB/s; may be a token. RDS from 400 GiB (500 to 4,000, at most a quarter of `iops`).
   * @default - the cloud's throughput for the size
   */
  readonly throughputMiBps?: number;
}
