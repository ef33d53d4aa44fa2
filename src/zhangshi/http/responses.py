"""An answer on its way out: bytes, pieces of a file, or a stream that goes on."""

from starlette.responses import Response, StreamingResponse

from zhangshi.http.answers import Answer


def response_of(answer: Answer) -> Response:
    """Return the response that carries an answer."""
    response: Response
    if answer.stream is not None:
        response = StreamingResponse(answer.stream, status_code=answer.status, media_type=answer.media_type)
    elif answer.chunks is not None:
        response = StreamingResponse(answer.chunks, status_code=answer.status, media_type=answer.media_type)
    else:
        response = Response(answer.body, answer.status, media_type=answer.media_type or None)
    for name, value in answer.headers.items():
        response.headers[name] = value
    for cookie in answer.cookies:
        response.headers.append("Set-Cookie", cookie)
    return response
