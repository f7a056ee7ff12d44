/**
 * The floor of what a table can do in a browser: a page of the same size and as many cells, which are written anew as it
 * scrolls and do nothing else. What is slow there is the browser and the machine, not the product.
 */

const rowHeight = 30;
const cells = 12;
const rows = 46;

/** A page with a grid that scrolls as long as that of so many runs. */
export function floorPage(count: number): string {
  return `<!doctype html><style>
    body { margin: 0; font: 12.5px system-ui; }
    [role=grid] { position: absolute; inset: 120px 0 30px 200px; overflow: auto; contain: strict; }
    .body { position: relative; height: ${count * rowHeight}px; }
    .row { position: absolute; left: 0; width: 100%; height: ${rowHeight}px; contain: strict; box-shadow: inset 0 -1px #ddd; }
    .row span { position: absolute; top: 7px; width: 90px; overflow: hidden; white-space: nowrap; }
  </style><div role="grid"><div class="body"></div></div><script>
    const grid = document.querySelector('[role=grid]');
    const rows = Array.from({ length: ${rows} }, () => {
      const row = document.createElement('div');
      row.className = 'row';
      for (let n = 0; n < ${cells}; n++) {
        const cell = row.appendChild(document.createElement('span'));
        cell.style.left = n * 96 + 'px';
        cell.textContent = ' ';
      }
      grid.firstChild.append(row);
      return { row, at: -1 };
    });
    const draw = () => {
      const first = Math.max(0, Math.floor(grid.scrollTop / ${rowHeight}) - 8);
      for (let n = first; n < first + ${rows}; n++) {
        const slot = rows[n % ${rows}];
        if (slot.at === n) continue;
        slot.at = n;
        slot.row.style.top = n * ${rowHeight} + 'px';
        slot.row.childNodes.forEach((cell, place) => { cell.firstChild.data = (n * 0.6180339 + place).toFixed(4); });
      }
    };
    grid.addEventListener('scroll', draw, { passive: true });
    draw();
  </script>`;
}
