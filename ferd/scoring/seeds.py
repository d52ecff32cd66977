"""Computes mean and spread of scores over seeds, and tests networks over their seeds."""

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests


def spreads(scores, confidence):
    """`spread` of every part of every variant.

    Args:
        scores: Dict of variant to one dict of `ferd.scoring.tables.part_accuracies` per seed.
        confidence: As in `spread`.

    Returns:
        Dict of variant to dict of part to `spread`.
    """
    return {
        variant: {part: spread([one[part] for one in found], confidence) for part in found[0]}
        for variant, found in scores.items()
    }


def against(scores, base):
    """`difference` between every other variant and `base`, on the parts that both have.

    Args:
        scores: As in `spreads`.
        base: A variant.

    Returns:
        Dict of variant to dict of part to `difference`, with `p_holm` by Holm's correction over
        the variants of a part.
    """
    found = {
        variant: {
            part: difference([one[part] for one in rows], [one[part] for one in scores[base]])
            for part in rows[0]
            if part in scores[base][0]
        }
        for variant, rows in scores.items()
        if variant != base
    }
    for part in scores[base][0]:
        entries = [parts[part] for parts in found.values() if part in parts]
        if entries:
            corrected = multipletests([entry["p"] for entry in entries], method="holm")[1]
            for entry, value in zip(entries, corrected, strict=True):
                entry["p_holm"] = float(value)
    return found


def spread(values, confidence=0.95):
    """Mean, standard deviation and confidence interval of a score over seeds.

    Args:
        values: One score per seed, two or more.
        confidence: Level of the interval, between 0 and 1.

    Returns:
        Dict: `seeds` (their number), `mean`, `sd` (of the sample, n - 1), `low` and `high`
        (interval of the mean, Student's t), `least` and `most`.

    Raises:
        ValueError: For fewer than two values: one training has no spread.
    """
    values = np.asarray(values, float)
    if len(values) < 2:
        raise ValueError(f"a spread needs two seeds or more, not {len(values)}")
    mean, deviation = values.mean(), values.std(ddof=1)
    reach = stats.t.ppf((1 + confidence) / 2, len(values) - 1) * deviation / np.sqrt(len(values))
    return {
        "seeds": len(values),
        "mean": float(mean),
        "sd": float(deviation),
        "low": float(mean - reach),
        "high": float(mean + reach),
        "least": float(values.min()),
        "most": float(values.max()),
    }


def difference(first, second):
    """Welch's t-test between two variants' scores over seeds.

    Args:
        first, second: One score per seed, two or more each.

    Returns:
        Dict: `difference` of the means (first minus second) and `p`, two-sided; if neither
        varies, 1 for equal means and else 0.

    Raises:
        ValueError: As in `spread`.
    """
    change = spread(first)["mean"] - spread(second)["mean"]
    if np.ptp(first) == np.ptp(second) == 0:
        return {"difference": change, "p": float(change == 0)}
    test = stats.ttest_ind(first, second, equal_var=False)
    return {"difference": change, "p": float(test.pvalue)}
