"""`/openapi.json` describes the answers, and `/metrics` counts them."""

import importlib.util
import os
import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ferd.classes import CLASSES
from ferd.inference.classifier import Classifier
from ferd.serve.guard import Access
from ferd.serve.schema import Answer, Health, Refusal
from tests.helpers.predicting import PHOTO, PRIOR, write_model
from tests.helpers.serving import ask, json_of, packed, predict, serving


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("model") / "tiny.onnx")


def counted(port, **headers):
    """Dict of series to value: name, then the values of its labels."""
    status, found, content = ask(port, "GET", "/metrics", **headers)
    assert status == 200 and found["content-type"].startswith("text/plain; version=")
    families = text_string_to_metric_families(content.decode())
    return {
        (one.name, *one.labels.values()): one.value for family in families for one in family.samples
    }


def test_answers_are_those_of_the_description(model):
    with serving(model) as port:
        for query in ("", "?explain=1"):
            status, answer = predict(port, packed(PHOTO), path=f"/predict{query}")
            read = Answer.model_validate(answer, strict=True)
            assert status == 200 and read.faces
            assert read.model_dump(exclude_unset=True) == answer
        described = json_of(ask(port, "GET", "/openapi.json"))["paths"]["/predict"]["post"]
        status, refusal = predict(port, b"hello")
        assert str(status) in described["responses"]
        assert Refusal.model_validate(refusal).model_dump() == refusal


def schema_of(description, path, method):
    """The schema of a JSON answer with status 200."""
    content = description["paths"][path][method]["responses"]["200"]["content"]
    name = content["application/json"]["schema"]["$ref"].split("/")[-1]
    return description["components"]["schemas"][name]


@pytest.mark.parametrize("is_adjusted", [True, False])
def test_the_prior_is_named_with_each_answer_by_healthz_and_in_the_description(
    is_adjusted, tmp_path
):
    counts = dict(zip(CLASSES, (0, 2, 1, 1, 1, 1, 2), strict=True))
    model = write_model(tmp_path / "tiny.onnx", prior=PRIOR)
    classifier = Classifier.load(model, threads=1, prior=counts if is_adjusted else None)
    shares = {name: count / 8 for name, count in counts.items()}
    wanted = {"shares": shares, "network": PRIOR} if is_adjusted else None
    with serving(classifier) as port:
        answer = predict(port, packed(PHOTO))[1]
        health = json_of(ask(port, "GET", "/healthz"))
        description = json_of(ask(port, "GET", "/openapi.json"))
    assert Answer.model_validate(answer, strict=True).faces
    assert Health.model_validate(health).model_dump() == health
    assert answer["prior"] == health["prior"] == wanted
    found = [face["probabilities"] for face in answer["faces"]]
    assert found == [face.emotion.probabilities for face in classifier.predict_faces(PHOTO)]
    assert all((one["angry"] == 0) == is_adjusted for one in found)
    for path, method in (("/predict", "post"), ("/healthz", "get")):
        schema = schema_of(description, path, method)
        assert "prior" in schema["required"]
        assert "--prior" in schema["properties"]["prior"]["description"]


def test_answers_and_faces_are_counted(model):
    with serving(model) as port:
        assert ("ferd_faces_total",) in counted(port)
        _, answer = predict(port, packed(PHOTO))
        predict(port, b"hello")
        for name in ("/a", "/b"):
            ask(port, "GET", name)
        found = counted(port)
    assert found["ferd_faces_total",] == len(answer["faces"]) > 0
    assert found["ferd_answers_total", "/predict", "200"] == 1
    assert found["ferd_answers_total", "/predict", "422"] == 1
    assert found["ferd_answers_total", "other", "404"] == 2
    assert found["ferd_answer_seconds_count", "/predict"] == 2
    assert found["ferd_photos",] == 0


def test_numbers_need_the_token_and_refusals_are_counted(model):
    with serving(model, Access(token="secret")) as port:
        assert ask(port, "GET", "/metrics")[0] == 401
        found = counted(port, authorization="Bearer secret")
        assert found["ferd_answers_total", "/metrics", "401"] == 1


@pytest.mark.slow
@pytest.mark.skipif(
    not importlib.util.find_spec("schemathesis") and os.environ.get("CI") != "true",
    reason="not installed: pip install -r requirements-test.txt",
)
def test_requests_by_the_description_get_answers_of_the_description(model, tmp_path):
    with serving(model, max_bytes=3_000_000) as port:
        url = f"http://127.0.0.1:{port}/openapi.json"
        command = [sys.executable, "-m", "schemathesis.cli", "run", url, "--seed", "0"]
        # Whether bytes are a photo is not in the description.
        command += ["--max-examples", "40", "--exclude-checks", "positive_data_acceptance"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
        found = counted(port)
    answers = {key[2] for key in found if key[:2] == ("ferd_answers_total", "/predict")}
    assert {"400", "405", "415"} <= answers and not {"500", "503"} & answers
