"""Describes `POST /predict` and `/healthz` for OpenAPI: programs read it from `/openapi.json`."""

from typing import Literal

from pydantic import BaseModel, Field

# Examples: any image/* is accepted, and the format is found from the bytes.
KINDS = ("image/jpeg", "image/png", "image/webp")
PRIOR = "The class shares that probabilities are adjusted to; null without the option --prior."
REFUSED = {
    400: "The request is malformed, or the upload is cut off.",
    401: "The token is missing or wrong.",
    403: "Another web site sent the request.",
    408: "The upload is too slow.",
    413: "The photo has too many bytes.",
    415: "The upload is neither a form nor the bytes of a photo.",
    421: "The server is not reached under this name.",
    422: "The photo cannot be decoded.",
    503: "Too many photos are waiting.",
}


class Size(BaseModel):
    """Size of the upright photo in pixels."""

    width: int
    height: int


class Box(BaseModel):
    """Sides in pixels of the upright photo; right and bottom are excluded."""

    left: int
    top: int
    right: int
    bottom: int


class FaceRow(BaseModel):
    """A face and its expression."""

    box: Box
    seen: Box = Field(description="What the network is shown: possibly larger than the photo.")
    level: int | None = Field(description="dlib's up-sampling level; null with the detector fast.")
    detector_score: float | None
    label: str
    confidence: float = Field(ge=0, le=1, description="The probability of the label.")
    probabilities: dict[str, float] = Field(description="By class; calibrated.")
    occlusion: list[list[float]] | None = Field(
        default=None,
        description="With explain=1, for the largest faces: a grid of how much the probability of "
        "the label falls when that part of the face is covered.",
    )


class Prior(BaseModel):
    """The class shares of the option --prior: probabilities are adjusted to them."""

    shares: dict[str, float] = Field(description="Of the faces, by class.")
    network: dict[str, float] = Field(
        description="The network's own, by class: each probability is multiplied by `shares` and "
        "divided by these; then they are divided by their sum."
    )


class Answer(BaseModel):
    """The faces of a photo, the largest first."""

    size: Size
    faces: list[FaceRow]
    message: str | None = Field(description="A sentence if no face was found, else null.")
    notes: list[str] = Field(
        description="What was left out of the photo or assumed about it, and what is missing of a "
        "JPEG that is cut off. The texts are those of `ferd predict` in the column `note`."
    )
    prior: Prior | None = Field(description=PRIOR)


class UploadLimits(BaseModel):
    """The largest photo that is taken."""

    max_bytes: int
    max_pixels: int


class Health(BaseModel):
    """The server's state, and what it predicts with."""

    status: Literal["ok"]
    model: str = Field(description="The SHA-256 of the network's file.")
    prior: Prior | None = Field(description=PRIOR)
    version: str = Field(description="Of ferd.")
    decoding_seconds: float = Field(description="How long the present photo has been decoded.")
    limits: UploadLimits


class Refusal(BaseModel):
    """Why there is no answer, in one line."""

    error: str


def predict_schema():
    """Keyword arguments of FastAPI's `app.post` that describe uploads and answers."""
    binary = {"type": "string", "format": "binary"}
    form = {"type": "object", "properties": {"photo": binary}, "required": ["photo"]}
    content = {"multipart/form-data": {"schema": form}}
    content |= {kind: {"schema": binary} for kind in KINDS}
    explain = {
        "name": "explain",
        "in": "query",
        "description": "1 adds occlusion maps of the largest faces.",
        "schema": {"type": "string", "enum": ["0", "1"], "default": "0"},
    }
    refused = {status: {"model": Refusal, "description": text} for status, text in REFUSED.items()}
    return {
        "summary": "Predict the expressions of the faces in a photo",
        "responses": {200: {"model": Answer}, **refused},
        "openapi_extra": {
            "parameters": [explain],
            "requestBody": {"content": content, "required": True},
        },
    }


def health_schema():
    """Keyword arguments of FastAPI's `app.get` that describe the answer of `/healthz`."""
    summary = "Say that the server is up, and what it predicts with"
    return {"summary": summary, "responses": {200: {"model": Health}}}
