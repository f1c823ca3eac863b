/** Two short lines in the gap between two nodes: the share that was set, and below it what flows now. */
export function EdgeLabel({ share, rate }: { readonly share: string; readonly rate: string }) {
  return (
    <>
      <tspan x="0" dy="-0.35em">
        {share}
      </tspan>
      <tspan x="0" dy="1.2em">
        {rate}
      </tspan>
    </>
  );
}
