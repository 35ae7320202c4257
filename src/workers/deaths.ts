/** How many deaths within how long are a crash loop; milliseconds. */
export const crashLoop = { deaths: 5, within: 60_000 } as const;

/** Takes the time of a death, by a clock that never goes back; tells whether so many came so close that it is no use. */
export function createDeathCount(): (at: number) => boolean {
  let recent: readonly number[] = [];
  return (at) => {
    recent = [...recent.filter((each) => at - each < crashLoop.within), at];
    return recent.length >= crashLoop.deaths;
  };
}
