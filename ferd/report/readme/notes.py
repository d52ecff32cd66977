"""The sentences below the README's table."""

from ferd.report.first_seed import first_seed
from ferd.report.number_text import percent
from ferd.report.paper_results import CROP


def readme_notes(metrics):
    """Sentences on the data, the two test sets, the last column and the intervals."""
    if "crop" in metrics:
        yield f"FER2013 has {metrics['crop']['images']:,} gray face images, each with one label."
    if {"automl_stacking", "cosine_stacking"} <= set(metrics):
        yield (
            "To the letter: trained as the paper says. By our recipe: without class weights, with "
            "a cosine learning rate."
        )
    if "headline" in metrics:
        yield "Names such as `improved` are sections of params.yaml."
    found = f"; {metrics['crop']['test']['found']:,} here" if "crop" in metrics else ""
    yield (
        "The paper's test set: the faces that dlib finds in its test images "
        f"({CROP['test']['found']:,} in the paper{found}, see docs/reproduction.md)."
    )
    if "audit" in metrics:
        found = metrics["audit"]["test_detected"]
        same, shifted = found["copy_share"], found["shifted_copy"] / found["images"]
        text = f"{percent(same)}% of these have an exact or near copy among the training images"
        yield f"{text}, {percent(shifted)}% more a shifted or mirrored one."
    if "headline" in metrics:
        copied = metrics["headline"]["copies"]["compact"]
        share = copied.get("with_copy", {"faces": 0})["faces"] / copied["all"]["faces"]
        faces = first_seed(metrics["headline"]["compact"])["faces"]
        yield (
            f"PrivateTest: the {faces:,} test images of FER2013's own split"
            f"; {percent(share)}% have an exact or near copy."
        )
    agreement = metrics.get("agreement")
    if agreement:
        clear = [agreement[part]["clear"] for part in ("detected", "private_test")]
        counts = " and ".join(f"{one['faces']:,}" for one in clear)
        differ = " and ".join(f"{percent(one['contradicted'] / one['faces'])}%" for one in clear)
        yield (
            "FER+ had ten annotators label each image again. The majority label is the class that "
            f"more than half of them chose. The last column has only faces with one ({counts}). On "
            f"{differ} of them it differs from FER2013's label."
        )
    yield "An interval covers other test faces."
    if "spread" in metrics.get("headline", {}).get("improved", {}):
        yield (
            "That of a mean of seeds also covers other seeds; in the last column it covers other "
            "seeds only."
        )
