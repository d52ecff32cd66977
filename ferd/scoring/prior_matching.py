"""Re-weights a network's probabilities to the shares in which annotators choose the classes.

Reference:
    - [Adjusting the Outputs of a Classifier to New a Priori
      Probabilities](https://doi.org/10.1162/089976602753284446), Saerens, Latinne and Decaestecker,
      2002
    - Network Flows: Theory, Algorithms, and Applications, Ahuja, Magnanti and Orlin, 1993, chapter
      9 (successive shortest paths)
"""

import numpy as np

from ferd.classes import CLASSES


def annotators_shares(names, annotators):
    """How often annotators choose each class.

    Args:
        names: Names of training images, because the votes on test images must not be used.
        annotators: From `ferd.scoring.agreement.clear_faces`; the images that both have are
            counted.

    Returns:
        Shares, shape `(7,)`, in the order of `CLASSES`.

    Raises:
        ValueError: If none of the images is clear.
    """
    given = annotators[annotators.index.isin(names)]
    if given.empty:
        raise ValueError("no training image is clear: there are no shares to match")
    return given.value_counts(normalize=True).reindex(list(CLASSES), fill_value=0).to_numpy()


def match_shares(probabilities, shares, tolerance=1e-6, rounds=10000):
    """Re-weights the classes until the mean probabilities are the given shares.

    Annotators choose neutral far more often than FER2013's labels do. A network that has learned
    the labels' class shares is wrong by majority labels for that reason alone, and a more confident
    one more often. So networks are compared by majority labels after each predicts every class as
    often as annotators choose it.

    Args:
        probabilities: Shape `(faces, 7)`. No label of a face is used.
        shares: What the mean over faces is to be, shape `(7,)`, summing to 1.
        tolerance: Largest difference from them.
        rounds: After so many it gives up.

    Returns:
        The re-weighted probabilities, shape `(faces, 7)`, rows summing to 1.

    Raises:
        ValueError: If no weights give these shares: a class is nowhere given a probability.
    """
    weighed = np.asarray(probabilities, float)
    for _ in range(rounds):
        weighed = weighed / weighed.sum(axis=1, keepdims=True)
        means = weighed.mean(axis=0)
        if np.abs(means - shares).max() < tolerance:
            return weighed
        weighed = weighed * np.divide(shares, means, out=np.zeros(len(shares)), where=means > 0)
    raise ValueError(
        f"no weights give the shares {np.round(shares, 4)}, the last {np.round(means, 4)}"
    )


def match_counts(probabilities, shares):
    """Re-weights the classes until the predicted classes have the given shares.

    `match_shares` matches mean probabilities. Its likeliest classes can still have other shares,
    above all where a network is seldom sure.

    Each face gets one class so that the counts are the given ones and the product of the
    probabilities is greatest. Its dual variables are the logarithms of the weights.

    Args:
        probabilities: Shape `(faces, 7)`. No label of a face is used.
        shares: Shares of the likeliest classes, shape `(7,)`, summing to 1. They are rounded to
            whole faces by largest remainder.

    Returns:
        The re-weighted probabilities, shape `(faces, 7)`, rows summing to 1. Each class has one
        positive weight. Faces with equal odds of two classes get the same one, so the counts can
        miss the shares by such faces, or where too few faces give a class any probability.

    Raises:
        ValueError: If the shares are not shares, or a class with a positive one has probability 0
            everywhere.

    Reference:
        Network Flows: Theory, Algorithms, and Applications, Ahuja, Magnanti and Orlin, 1993,
        chapter 9
    """
    probabilities = np.asarray(probabilities, float)
    targets = target_counts(shares, len(probabilities))
    nowhere = (np.asarray(shares) > 0) & (probabilities.max(axis=0) == 0)
    if nowhere.any():
        raise ValueError(f"classes {np.flatnonzero(nowhere)} have probability 0 everywhere")
    chosen = probabilities.argmax(axis=1)
    if not np.array_equal(np.bincount(chosen, minlength=len(targets)), targets):
        with np.errstate(divide="ignore"):
            logarithms = np.log(probabilities)
        costs = assign(logarithms, chosen, targets)
        probabilities = probabilities * np.exp(class_offsets(costs))
    return probabilities / probabilities.sum(axis=1, keepdims=True)


def target_counts(shares, faces):
    """Shares as counts that sum to `faces`, by largest remainder, the first class at a tie."""
    shares = np.asarray(shares, float)
    if shares.min() < 0 or abs(shares.sum() - 1) > 1e-6:
        raise ValueError(f"not shares: {shares}")
    counts = np.floor(shares * faces).astype(int)
    order = np.argsort(counts - shares * faces, kind="stable")
    counts[order[: faces - counts.sum()]] += 1
    return counts


def assign(logarithms, chosen, targets):
    """Moves faces between classes, the cheapest chain of moves first, until the counts are met.

    Args:
        logarithms: Of the probabilities, shape `(faces, classes)`.
        chosen: The likeliest class of each face, shape `(faces,)`. Changed in place.
        targets: Faces wanted per class, shape `(classes,)`.

    Returns:
        Shape `(classes, classes)`: what the cheapest face of a row's class loses by a move to a
        column's class; infinite where there is none.
    """
    exits = [leaving(logarithms, chosen, k) for k in range(len(targets))]
    costs, faces = (np.array(table) for table in zip(*exits, strict=True))
    while True:
        missing = targets - np.bincount(chosen, minlength=len(targets))
        lengths, hops = shortest_paths(costs)
        wanted = np.where(np.outer(missing < 0, missing > 0), lengths, np.inf)
        here, end = np.unravel_index(wanted.argmin(), wanted.shape)
        if np.isinf(wanted[here, end]):
            return costs
        moved = [here]
        while here != end:
            chosen[faces[here, hops[here, end]]] = hops[here, end]
            here = hops[here, end]
            moved.append(here)
        for k in moved:
            costs[k], faces[k] = leaving(logarithms, chosen, k)


def leaving(logarithms, chosen, k):
    """The least loss by moving a face of class `k` to each other class, and that face."""
    members = np.flatnonzero(chosen == k)
    if not len(members):
        return np.full(logarithms.shape[1], np.inf), np.zeros(logarithms.shape[1], int)
    losses = logarithms[members, k, None] - logarithms[members]
    losses[:, k] = np.inf
    return losses.min(axis=0), members[losses.argmin(axis=0)]


def shortest_paths(costs):
    """Floyd and Warshall's shortest paths between classes.

    Args:
        costs: Shape `(classes, classes)`, without a negative cycle.

    Returns:
        Tuple of the lengths and the next class on the way, shapes `(classes, classes)`.
    """
    lengths = costs.copy()
    np.fill_diagonal(lengths, 0)
    hops = np.tile(np.arange(len(costs)), (len(costs), 1))
    for middle in range(len(costs)):
        through = lengths[:, middle, None] + lengths[middle]
        # Rounding errors must not close a cycle of length 0.
        shorter = through < lengths - 1e-12
        lengths = np.where(shorter, through, lengths)
        hops = np.where(shorter, hops[:, middle, None], hops)
    return lengths, hops


def class_offsets(costs):
    """Logarithms of the class weights that make every face's class its likeliest.

    Args:
        costs: From `assign`. The offsets of two classes may differ by less than the cost.

    Returns:
        Shape `(classes,)`, with room left on all sides, so that rounding errors change no
        prediction.
    """
    cycles = costs + shortest_paths(costs)[0].T
    # Equal faces in two classes lie on a cycle of length 0, which leaves no room.
    free = cycles > 1e-9
    room = min(1.0, cycles[free].min(initial=np.inf) / (2 * len(costs)))
    offsets = shortest_paths(np.where(free, costs - room, costs))[0].min(axis=0)
    # Equal odds go to the first class, and not to whichever rounding favours.
    return offsets - np.linspace(0, room / 2, len(offsets))
