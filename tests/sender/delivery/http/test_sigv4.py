"""Signature Version 4, against the cases that AWS publishes for it (aws-sig-v4-test-suite)."""

from datetime import UTC, datetime

import pytest

from sender.delivery.http.message import Request
from sender.delivery.http.sigv4 import Credentials, Scope, signed

CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
AT = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
IAM_TYPE = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


@pytest.mark.parametrize(
    ("request_", "host", "service", "names", "signature"),
    [
        pytest.param(
            Request("GET", "/"),
            *("example.amazonaws.com", "service", "host;x-amz-date"),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            id="get-vanilla",
        ),
        pytest.param(
            Request("POST", "/"),
            *("example.amazonaws.com", "service", "host;x-amz-date"),
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            id="post-vanilla",
        ),
        pytest.param(
            Request("GET", "/?Param2=value2&Param1=value1"),
            *("example.amazonaws.com", "service", "host;x-amz-date"),
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
            id="get-vanilla-query-order-key-case",
        ),
        pytest.param(
            Request("GET", "/?Action=ListUsers&Version=2010-05-08", IAM_TYPE),
            *("iam.amazonaws.com", "iam", "content-type;host;x-amz-date"),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
            id="the example of the documentation",
        ),
    ],
)
def test_a_request_is_signed_as_aws_publishes(
    request_: Request, host: str, service: str, names: str, signature: str
) -> None:
    proof = signed(request_, host, CREDENTIALS, Scope("us-east-1", service), AT).headers["authorization"]
    assert proof == (
        f"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/{service}/aws4_request, "
        f"SignedHeaders={names}, Signature={signature}"
    )


def test_a_session_token_is_signed_with_the_rest() -> None:
    temporary = Credentials("AKIDEXAMPLE", "secret", "token")
    proof = signed(Request("GET", "/"), "example.amazonaws.com", temporary, Scope("us-east-1", "s"), AT)
    assert proof.headers["x-amz-security-token"] == "token"
    assert "SignedHeaders=host;x-amz-date;x-amz-security-token" in proof.headers["authorization"]
