"""The sentences of docs/models.md."""

USES = """\
- `general`, the default: you do not know which kind of label you need. It is a compromise.
- [`annotators`](model_card_annotators.md): you want the class that most annotators would choose, or
  estimates of vote shares.
- [`compact`](model_card_compact.md): you want FER2013's labels, or compare with published scores.
- `fast`: as `compact`, where speed matters more."""
KNOWN = """\
If you know which kind of label you need, take `annotators` or `compact`: each has a higher accuracy
on its own kind than `general`."""
MADE = """\
`annotators` and `compact` have the same architecture and were trained on Training: `annotators` on
the vote shares of FER+'s annotators, `compact` on FER2013's labels and on the predictions of larger
networks (knowledge distillation). Both average the predictions for a face and its mirror image (two
views). {general}
`fast` is `compact` without the mirror image, with weights and activations of 8 bits. PublicTest was
used to choose the recipe of `compact` (and `annotators`), all temperatures, and the default.
PrivateTest was used for none of these.

The packaged `compact` is the run `compact_gpu` of the study, and `annotators` is `compact_ferplus`.
The study's run `compact` is another training of the same architecture."""
GENERAL = {
    "mean": "`general` averages the predictions of both networks.",
    "mixed": "`general` has this architecture and two views as well: it is the study's run "
    "`mixed`, trained on the mean of each face's label and vote shares.",
}
LABELS = """\
FER2013 gives each face one label: the images come from a web search for words of emotion, and its
authors had the labels checked. FER+ had ten annotators label each face again; the majority label is
the class with more than half of the votes that count, by [FER+'s own rules](ferplus.md). The two
differ on {differ} of the {faces} faces of PrivateTest that have a majority label: neutral is
{neutral}, fear {fear}.

FER2013's own split has three parts: Training trains, PublicTest validates and PrivateTest tests. A
copy is another image of the same picture."""
SCORES = """\
Balanced accuracy is the mean recall of the seven classes. In brackets: 95% bootstrap intervals
over groups of copies. FER+'s rules have an eighth class, contempt, which no network here
predicts: its {contempt} faces count as wrong in the accuracy. Balanced accuracy by majority
labels is uncertain, because few faces are disgust ({disgust}) and fear ({fear}). Each recipe was
trained once: another seed would change the scores. The README and the card of `annotators` score
only the faces on which 6 or more of ten annotators agree, so their accuracies by majority labels
are higher."""
PRIOR = """\
`--prior` was set to the class shares of PublicTest: for the two columns by FER2013's labels to the
shares of these labels, for the other two to those of the majority labels. In brackets: the change
in points. `--prior` does not turn one kind of label into the other, and it can lower balanced
accuracy."""
RULE = """\
The candidates are `compact`, `annotators`, their mean, and `mixed`: one network trained on the mean
of each face's label and vote shares. `fast` is no candidate; it is `compact` made faster. A
candidate's score is the mean of four numbers on PublicTest, which none was trained on: accuracy and
balanced accuracy, by FER2013's labels and by majority labels. The highest score wins. A single
network is preferred to the mean if the interval of their difference includes 0. Both kinds of
labels count the same, because we do not know which you need. This favours a network that is good
at both over one that is best at one. The better one of the mean and `mixed`, by the same rule, is
packaged as `general`.

The rule was written after first scores on PublicTest had been seen, and after scores of
`compact` and `annotators` on PrivateTest had been published here. `mixed` was trained later, once,
and the rule was not changed. The rule reads no score on PrivateTest. Transfer to other data sets
is no part of it, because none is available to this project:
[ferd evaluate](usage.md#ferd-evaluate) measures it on yours."""
EARLIER = """\
Earlier the default was `improved`, the study's best network on the paper's split of FER2013
([reproduction.md](reproduction.md)): now `--model ferd/models/ferd.onnx` in a clone
([card](model_card.md)). Most of PublicTest is among its training images, so the rule cannot score
it. On the faces of PublicTest that no network was trained on:"""
LIMITS = """\
- **Labels.** No network can predict both kinds of labels. The tables give the accuracy by each.
- **Class shares.** `annotators` predicts neutral more often and fear less often than `compact`,
  because annotators do. `--prior` removes a part of this if the shares of your data are known.
- **Persons and pictures.** FER2013 does not record who is in its pictures, so scores by age, sex or
  skin colour cannot be measured. Its faces are small, gray and mostly frontal.
- **Detection.** The scores are on whole images, without a detector. The [card of
  `improved`](model_card.md) has scores behind dlib."""
