"""One call of the greeter of examples/tonic, for somebody, with a secret.

    grpc_call.py HOST:PORT NAME SECRET USER
"""

import sys

import grpc


def main(address, name, secret, user):
    channel = grpc.insecure_channel(address, options=[("grpc.enable_retries", 0)])
    call = channel.unary_unary("/helloworld.Greeter/SayHello")
    text = name.encode()
    metadata = [("authorization", f"Bearer {secret}"), ("cookie", secret), ("x-user-id", user)]
    # The message whose first field is this string.
    call(b"\x0a" + bytes([len(text)]) + text, timeout=20, metadata=metadata, wait_for_ready=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
