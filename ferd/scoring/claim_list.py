"""Lists the claims of the paper, each as an order of two models, and single choices to compare."""

from typing import NamedTuple


class Claim(NamedTuple):
    """An order of two models that the paper claims.

    Args:
        text: A sentence.
        first, second: Names of the models.
        sign: +1 if the first is claimed to be better, -1 if worse.
        least: The difference that is claimed to be exceeded, a fraction.
        score: What decides: "accuracy", or "balanced" for the mean of the classes' recalls.
    """

    text: str
    first: str
    second: str
    sign: int
    least: float = 0.0
    score: str = "accuracy"

    @property
    def pair(self):
        """The claim's key in metrics/details/claims.json."""
        return f"{self.first} - {self.second}"


CLAIMS = (
    Claim("Voting is better than the CNN.", "soft vote", "cnn", 1),
    Claim("Stacking is better than the CNN.", "stack", "cnn", 1),
    Claim("Stacking is better than voting.", "stack", "soft vote", 1),
    Claim(
        "Cropping helps (the same faces, as crops or whole).", "cnn", "cnn, whole images", 1, 0.03
    ),
    Claim("CBAM lowers accuracy.", "cnn, CBAM", "cnn", -1),
    Claim(
        "Differential augmentation lowers accuracy.", "cnn, differential augmentation", "cnn", -1
    ),
    Claim("SMOTE helps voting.", "soft vote", "soft vote, no SMOTE", 1, score="balanced"),
    Claim("SMOTE helps stacking.", "stack", "stack, no SMOTE", 1, score="balanced"),
)


class Choice(NamedTuple):
    """Two networks that differ in one choice of the training.

    Args:
        text: What the first has and the second has not.
        first, second: Names of the networks.
    """

    text: str
    first: str
    second: str

    @property
    def pair(self):
        """The choice's key in metrics/details/claims.json."""
        return f"{self.first} - {self.second}"


ALL_AUGMENTED = "cnn, all classes augmented"
CHOICES = (
    Choice("stronger augmentation of all classes", ALL_AUGMENTED, "cnn"),
    Choice(
        "stronger augmentation of the rare classes, not of all",
        *("cnn, differential augmentation", ALL_AUGMENTED),
    ),
    Choice(
        "square roots of the balanced class weights, not the weights themselves",
        *("cnn, square-root class weights", "cnn"),
    ),
    Choice("balanced class weights, not none", "cnn, balanced class weights", "cnn"),
    Choice(
        "a cosine over a fixed number of epochs, not plateau and early stopping",
        *("cnn, cosine and balanced class weights", "cnn"),
    ),
)
