// What the bench of the canvas does inside the page.

/** Drags the empty canvas back and forth, a step each frame. Milliseconds between the frames. */
export async function panFrames({ frames, stepPixels }) {
  const pane = document.querySelector('.react-flow__pane');
  const box = pane.getBoundingClientRect();
  const at = { x: box.left + box.width / 2, y: box.top + 12 };
  const send = (target, type) =>
    target.dispatchEvent(
      new MouseEvent(type, {
        clientX: at.x,
        clientY: at.y,
        button: 0,
        bubbles: true,
        cancelable: true,
        view: window,
      }),
    );
  const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
  const before = document.querySelector('.react-flow__viewport').style.transform;
  send(pane, 'mousedown');
  const times = [];
  let last = await nextFrame();
  for (let frame = 0; frame < frames; frame++) {
    at.x += frame % 40 < 20 ? stepPixels : -stepPixels;
    send(window, 'mousemove');
    if (frame === 10 && document.querySelector('.react-flow__viewport').style.transform === before) {
      throw new Error('the canvas does not follow the mouse');
    }
    const now = await nextFrame();
    times.push(now - last);
    last = now;
  }
  send(window, 'mouseup');
  return times;
}

/** Types into a field of the selected route. Milliseconds until what it changed is painted. */
export async function editOnce(value) {
  const input = document.querySelector('[data-field="route.timeouts.requestMs"] input');
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const startedAt = performance.now();
  set.call(input, value);
  input.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(done));
  // Behind the frame's callbacks come style, layout and paint; a message is taken after them.
  await new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = done;
    channel.port2.postMessage(null);
  });
  return performance.now() - startedAt;
}

export function clickApply() {
  const button = [...document.querySelectorAll('button')].find((item) =>
    item.textContent.startsWith('Apply'),
  );
  button.click();
}
