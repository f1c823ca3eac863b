/** The link with a token that the app prints first. Rejects when the app ends before. `app` = its child process. */
export function firstLink(app) {
  return new Promise((done, fail) => {
    let text = '';
    app.stdout.on('data', (data) => {
      text += data;
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]+/.exec(text);
      if (found !== null) done(found[0]);
    });
    app.once('exit', (code) => fail(new Error(`the app ended with ${code}`)));
  });
}
