"""Who is denied: the subject of a sentence tells a missing model from an unfit request."""

import pytest

from healthcheck.taxonomy import classify
from healthcheck.taxonomy.negation import MODEL, PART, SOME_MODEL, SOME_PART, denials


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("the requested model 'x' is currently not available", MODEL),
        ("model 'x' is unavailable", MODEL),
        ("our deployment of it could not be found", MODEL),
        ("model_id foo is not valid", MODEL),
        ("the model has been disabled", MODEL),
        ("vision has been disabled for the model", PART),
        ("your requested model isn't in our list of models", SOME_MODEL),
        ("parameter 'x' of this model is not available", PART),
        ("streaming is not supported for the model", PART),
        ("image input for this model is unsupported", PART),
        ("the model 'x' is not supported with tools", PART),
        ("model features function calling not support", PART),
        ("the model is not ours", SOME_MODEL),
        ("tools for it are not ours", SOME_PART),
        ("the tools exceed what is expected of two", SOME_PART),
        ("calling model <m>: audio is not supported", PART),
        ("calling model <m>: not found", MODEL),
        ("the tools of <m> failed: model <m> is not available", MODEL),
    ],
)
def test_the_subject_decides(text, mark):
    assert denials(text) == f" {mark}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "it is not available",
        "model access is not permitted",
        "nothing is not nothing",
        "the endpoint is unavailable",
        "{'message': 'it is not available'}",
        "the model works. it is not found",
        "init with tool did not succeed",
        "annotation is not a denial",
        "calling model <m>: the service is not available",
        "calling model <m>: cannot send a request, as the client has been closed",
        "using tools of model <m>: name or service is not known",
        "system.nullreferenceexception: object reference not set to an instance",
    ],
)
def test_nothing_is_denied_where_no_subject_is_near(text):
    assert denials(text) == ""


def test_each_mark_stands_once():
    assert denials("the model is not found, the model is not found") == f" {MODEL}"


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Model x isn't servable here", "hard_model"),
        ("That engine is no longer in our catalog", "hard_model"),
        ("top_k is not a recognized parameter", "hard_capability"),
        ("Vision input isn't supported", "hard_capability"),
        ("The following errors: property 'maxItems' is not supported", "hard_capability"),
        ("{'error': 'property \"x\" of the model is not permitted'}", "hard_capability"),
    ],
)
def test_a_denial_in_unknown_words_is_told_by_its_subject(message, kind):
    assert classify(message).kind == kind
