"""The names by which tables and sentences call the models that metrics/ names by keys."""

BASES = {
    "cnn": "CNN",
    "cnns": "average of the CNNs",
    "cnn, whole images": "CNN on whole images",
    "cnn, CBAM": "CNN with CBAM",
    "cnn, differential augmentation": "CNN, differential augmentation",
    "cnn, all classes augmented": "CNN, all classes augmented",
    "cnn, square-root class weights": "CNN, square-root class weights",
    "cnn, balanced class weights": "CNN, balanced class weights",
    "cnn, cosine and balanced class weights": "CNN, cosine and balanced class weights",
    "cnn, float32": "CNN in float32",
    "cnn, no copies at all": "CNN trained without copies",
    "et": "Extra Trees",
    "lda": "LDA",
    "ridge": "ridge",
    "lightgbm": "LightGBM",
    "rf": "random forest",
    "lr": "logistic regression",
    "hard vote": "hard voting",
    "soft vote": "soft voting",
    "stack": "stacking",
    "compact_copies": "`compact` trained without copies",
}
# The paper's ensembles, and their pairs with the CNN as metrics/ names them.
ENSEMBLES = {name: BASES[name] for name in ("soft vote", "stack")}
AGAINST_CNN = {f"{name} - cnn": words for name, words in ENSEMBLES.items()}
# What may follow a name in metrics/, and how it reads.
ENDINGS = {
    ", flip averaging": ", mirror image averaged",
    " on features": " on the CNN's features",
    ", no SMOTE": " without SMOTE",
    ", no copies": " fitted without copies",
    ", no copies at all": ", CNN and ensemble without copies",
    ", unseen faces": ", fitted on faces new to the CNN",
    ", as many seen": ", fitted on as many faces known to the CNN",
}
# What follows the name of a model by the paper's own settings, where those by ours stand beside it.
TO_THE_LETTER = ", to the letter"
IMPROVED = "improved"


def shown(name):
    """The name of a model for a reader.

    Args:
        name: Its key in metrics/.
    """
    if name in BASES:
        return BASES[name]
    if name.endswith(TO_THE_LETTER):
        return f"{shown(name.removesuffix(TO_THE_LETTER))} to the letter"
    if name == IMPROVED or name.startswith(f"{IMPROVED}, "):
        return _improved(name.removeprefix(IMPROVED).removeprefix(", "))
    for ending, words in ENDINGS.items():
        base = name.removesuffix(ending)
        if base != name and base in BASES:
            return BASES[base] + words
    return f"`{name}`"


def shown_pair(pair):
    """A pair of models, `<first> - <second>` in metrics/, for a reader."""
    first, second = pair.split(" - ")
    return f"{shown(first)} minus {shown(second)}"


def _improved(rest):
    """`improved` itself, one of its seeds, their average, or an ensemble on its features."""
    if rest in BASES:
        return f"{BASES[rest]} on the features of `{IMPROVED}`"
    words = {"": "", "averaged": ", all seeds averaged"}.get(rest, f", {rest}")
    return f"`{IMPROVED}`{words}"
