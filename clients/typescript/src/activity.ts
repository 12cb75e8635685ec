/** Acts as a partner reports them, and the CloudEvents that carry them. */

export interface Activity {
  /** Your own id; it means this act for ever: send it again and it counts once. */
  id: string;
  person: string;
  scene: string;
  startedAt: Date;
  endedAt?: Date;
  /** Whole numbers in the units of their names, such as `distance_m`. */
  inputs?: Record<string, number>;
  itemKey?: string;
  grade?: number;
  /** A correction or a withdrawal repeats the id with a higher revision. */
  revision?: number;
  withdrawn?: boolean;
}

/** The act as a CloudEvent 1.0. Throws `RangeError` for an input that is not a whole number. */
export function eventOf(activity: Activity, partner: string): object {
  for (const [name, value] of Object.entries(activity.inputs ?? {})) {
    if (!Number.isSafeInteger(value)) {
      throw new RangeError(`${name} must be a whole number, not ${value}.`);
    }
  }
  const kind = activity.withdrawn ? "withdrawn" : "reported";
  return {
    specversion: "1.0",
    id: activity.id,
    source: `/${partner}`,
    type: `cn.tanzhang.activity.${kind}.v1`,
    time: activity.startedAt.toISOString(),
    subject: activity.person,
    revision: activity.revision ?? 0,
    data: {
      scene: activity.scene,
      ended_at: activity.endedAt?.toISOString(),
      grade: activity.grade,
      item_key: activity.itemKey,
      inputs: activity.inputs,
    },
  };
}
