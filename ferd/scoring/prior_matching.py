"""Re-weights a network's probabilities to the shares in which annotators choose the classes.

Reference:
    - [Adjusting the Outputs of a Classifier to New a Priori
      Probabilities](https://doi.org/10.1162/089976602753284446), Saerens, Latinne and Decaestecker,
      2002
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
