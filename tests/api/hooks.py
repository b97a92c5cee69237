"""Bodies that are not JSON, for schemathesis: whatever it makes up goes out as it is."""

import schemathesis


@schemathesis.serializer("application/cbor", "image/jpeg")
def raw(_, value):
    return value if isinstance(value, bytes) else str(value).encode()
