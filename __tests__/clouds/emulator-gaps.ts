/**
 * Where the emulator does not keep what it was told, so that a second plan finds a difference that AWS would not show.
 * A difference that is not here fails the clouds tier, and so does an entry that is not met any more.
 */

export interface EmulatorGap {
  /** Matches the address of the resource. */
  readonly address: RegExp;
  /** The attributes that differ. */
  readonly attributes: readonly string[];
  readonly reason: string;
}

export const emulatorGaps: readonly EmulatorGap[] = [];
