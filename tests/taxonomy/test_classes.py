"""A class of an SDK or of a network library alone, as far as its name tells."""

import pytest

from healthcheck.taxonomy import classify

CLASSES = {
    "network": (
        "httpx.ConnectError httpx.ReadError httpx.CloseError httpx.RemoteProtocolError "
        "aiohttp.client_exceptions.ClientOSError aiohttp.client_exceptions.ClientPayloadError "
        "aiohttp.client_exceptions.ServerDisconnectedError aiohttp.ClientConnectionResetError "
        "urllib3.exceptions.MaxRetryError urllib3.exceptions.NameResolutionError ssl.SSLEOFError "
        "requests.exceptions.ConnectionError requests.exceptions.ChunkedEncodingError "
        "botocore.exceptions.EndpointConnectionError botocore.exceptions.HTTPClientError "
        "botocore.exceptions.ResponseStreamingError ConnectionResetError BrokenPipeError "
        "google.auth.exceptions.TransportError java.net.ConnectException socket.gaierror "
        "anyio.ClosedResourceError anyio.EndOfStream openai.APIConnectionError"
    ),
    "timeout": (
        "httpx.ReadTimeout httpx.PoolTimeout aiohttp.client_exceptions.ServerTimeoutError "
        "urllib3.exceptions.ReadTimeoutError requests.exceptions.ConnectTimeout TimeoutError "
        "botocore.exceptions.ConnectTimeoutError openai.APITimeoutError openai.error.Timeout "
        "google.api_core.exceptions.DeadlineExceeded litellm.Timeout ModelTimeoutException"
    ),
    "auth": (
        "openai.AuthenticationError anthropic.PermissionDeniedError cohere.errors.ForbiddenError "
        "google.api_core.exceptions.Unauthenticated google.auth.exceptions.RefreshError "
        "botocore.exceptions.NoCredentialsError AccessDeniedException ExpiredTokenException"
    ),
    "rate_limit": (
        "openai.RateLimitError google.api_core.exceptions.ResourceExhausted ThrottlingException "
        "databricks.sdk.errors.platform.RequestLimitExceeded cohere.errors.TooManyRequestsError"
    ),
    "hard_model": (
        "openai.NotFoundError google.api_core.exceptions.NotFound ResourceNotFoundException "
        "databricks.sdk.errors.platform.ResourceDoesNotExist"
    ),
    "transient_provider": (
        "openai.InternalServerError anthropic.OverloadedError ModelNotReadyException "
        "google.api_core.exceptions.ServiceUnavailable ModelErrorException "
        "databricks.sdk.errors.platform.InternalError litellm.ServiceUnavailableError"
    ),
    "hard_capability": (
        "openai.UnprocessableEntityError google.api_core.exceptions.InvalidArgument "
        "google.api_core.exceptions.FailedPrecondition google.api_core.exceptions.MethodNotAllowed "
        "botocore.exceptions.ParamValidationError litellm.UnsupportedParamsError "
        "databricks.sdk.errors.platform.InvalidParameterValue ValidationException "
        "openai.LengthFinishReasonError litellm.ContextWindowExceededError"
    ),
    "unknown": (
        "openai.BadRequestError openai.APIError openai.APIStatusError openai.ConflictError "
        "openai.APIResponseValidationError json.JSONDecodeError "
        "litellm.ContentPolicyViolationError "
        "pydantic_core._pydantic_core.ValidationError aiohttp.client_exceptions.ContentTypeError"
    ),
}
CASES = [(kind, name) for kind, names in CLASSES.items() for name in names.split()]


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_class_tells_its_kind_in_the_message_and_in_the_field(kind, name):
    assert (
        classify(name).kind
        == classify(f"{name}: ").kind
        == classify("", exc_type=name).kind
        == kind
    )


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_words_that_tell_nothing_change_nothing(kind, name):
    assert classify(f"{name.rsplit('.', 1)[-1]}: something").kind == kind
