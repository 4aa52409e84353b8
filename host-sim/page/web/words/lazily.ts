// A thing that takes the browser some milliseconds to make: made when it is first used.

export function lazily<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
