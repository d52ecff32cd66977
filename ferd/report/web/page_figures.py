"""Builds the sections of the report page that show figures: the paper's, and the study's own."""

from ferd.report.claims import FAMILIES
from ferd.report.figure_list import KINDS, drawn_figures, kind_of, title_of
from ferd.report.web import page_pictures
from ferd.report.web.study_page import Section

# The paper's Figs. 1 and 2 show images of the data set.
CROPS = (
    ("found_whole", "Fig. 1, left: images in which a face was found", "A sheet of whole images."),
    ("found_crops", "Fig. 1, right: the faces cut out of them", "A sheet of the cut-out faces."),
    ("not_found", "Fig. 2: images in which no face was found", "A sheet of whole images."),
)
# The counterparts of the others, among the figures of the stage `figures`.
DRAWN = {
    "train_predictions": f"Fig. 3: confusion matrix of the CNN, {FAMILIES['letter']}",
    "cosine_predictions": f"Fig. 3: confusion matrix of the CNN, {FAMILIES['cosine']}",
    "train_history": f"Fig. 4: accuracy of the CNN by epoch, {FAMILIES['letter']}",
    "cosine_history": f"Fig. 4: accuracy of the CNN by epoch, {FAMILIES['cosine']}",
    "automl_voting_predictions_soft": f"Fig. 5: soft voting, {FAMILIES['letter']}",
    "cosine_voting_predictions_soft": f"Fig. 5: soft voting, {FAMILIES['cosine']}",
    "automl_stacking_predictions_stack": f"Fig. 6: stacking, {FAMILIES['letter']}",
    "cosine_stacking_predictions_stack": f"Fig. 6: stacking, {FAMILIES['cosine']}",
}


def paper_figures_section(plots="plots/png", crops="data/crop_figures"):
    """The counterparts of the paper's Figs. 1 to 6, those that there are.

    Args:
        plots: Folder of the stage `figures`.
        crops: Folder of the stage `crop`; its sheets show dataset images.
    """
    there = drawn_figures()
    pictures = [
        page_pictures.figure(f"{crops}/{name}.png", title, description)
        for name, title, description in CROPS
    ]
    pictures += [
        _drawn(plots, name, there[name], title) for name, title in DRAWN.items() if name in there
    ]
    html = f'<div class="figures">{"".join(pictures)}</div>'
    return Section("paper_figures", "The paper's figures", html)


def figures_section(plots="plots/png"):
    """The study's own figures.

    Args:
        plots: Folder of the stage `figures`.
    """
    pictures = [
        _drawn(plots, name, table, title_of(name))
        for name, table in drawn_figures().items()
        if name not in DRAWN
    ]
    html = f'<div class="figures">{"".join(pictures)}</div>'
    return Section("figures", "Other figures", html)


def _drawn(plots, name, table, title):
    """HTML of a figure of the stage `figures`."""
    description = f"{title}. {KINDS[kind_of(table.stem)]}"
    return page_pictures.figure(f"{plots}/{name}.png", title, description)
