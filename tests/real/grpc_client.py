"""Calls the greeter of examples/tonic as a program that has never heard of Rust.

    grpc_client.py HOST:PORT TRACE_ID
    grpc_client.py HOST:PORT --load COUNT

Prints a line for each call: its name, the status it came to, and the last of the messages that came, if any did, with
tabs between them. With a load, that many greetings come from several threads, and one line says how many were answered. The
messages' types are what the server's reflection says they are.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2

# In seconds. No call takes as long, but for one that is lost.
PATIENCE = 20

GREETER = "/helloworld.Greeter/"


def main(address, trace_id):
    # A call that fails is one call, whatever the library thinks of its chances.
    channel = grpc.insecure_channel(
        address, options=[("grpc.enable_retries", 0), ("grpc.max_send_message_length", -1)]
    )
    grpc.channel_ready_future(channel).result(timeout=PATIENCE)

    told("services", "OK", " ".join(sorted(services(channel))))
    health = health_pb2_grpc.HealthStub(channel)
    status = health.Check(health_pb2.HealthCheckRequest(service="helloworld.Greeter"), timeout=PATIENCE).status
    told("health", "OK", health_pb2.HealthCheckResponse.ServingStatus.Name(status))

    request, reply = message_types(channel)
    types = {"request_serializer": request.SerializeToString, "response_deserializer": reply.FromString}
    say_hello = channel.unary_unary(GREETER + "SayHello", **types)
    stream_hello = channel.unary_stream(GREETER + "StreamHello", **types)
    metadata = [
        ("traceparent", f"00-{trace_id}-00f067aa0ba902b7-01"),
        ("authorization", "Bearer invented-token"),
        ("invented-key", "invented"),
    ]

    unary("greeting", say_hello, request(name="invented-name"), metadata=metadata)
    unary("error", say_hello, request(name="error"))
    unary("panic", say_hello, request(name="panic"))
    unary("deadline", say_hello, request(name="slow"), timeout=0.2)
    unary("too large", say_hello, request(name="x" * (4 << 20)))
    # A field of a wire type that there is not.
    unary("undecodable", channel.unary_unary(GREETER + "SayHello"), b"\x0f")
    unary("unknown method", channel.unary_unary(GREETER + "InventedMethod"), b"")
    unary("unknown service", channel.unary_unary("/invented.Service/SayHello"), b"")

    stream("stream", stream_hello(request(name="invented-name"), timeout=PATIENCE))
    stream("stream with an error", stream_hello(request(name="error"), timeout=PATIENCE))
    stream("stream with a panic", stream_hello(request(name="panic"), timeout=PATIENCE))
    stream("stream left midway", stream_hello(request(name="invented-name"), timeout=PATIENCE), leave_at=2)
    channel.close()


def load(address, count):
    with grpc.insecure_channel(address, options=[("grpc.enable_retries", 0)]) as channel:
        grpc.channel_ready_future(channel).result(timeout=PATIENCE)
        request, reply = message_types(channel)
        say_hello = channel.unary_unary(
            GREETER + "SayHello", request_serializer=request.SerializeToString, response_deserializer=reply.FromString
        )
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda i: say_hello(request(name=str(i)), timeout=PATIENCE), range(count)))
    told("load", "OK", str(len(answers)))


def unary(name, call, request, timeout=PATIENCE, metadata=()):
    try:
        reply, done = call.with_call(request, timeout=timeout, metadata=metadata)
        told(name, done.code().name, reply.message)
    except grpc.RpcError as error:
        told(name, error.code().name)


def stream(name, replies, leave_at=None):
    last, count = "", 0
    try:
        for reply in replies:
            last, count = reply.message, count + 1
            if count == leave_at:
                replies.cancel()
    except grpc.RpcError:
        pass
    told(name, replies.code().name, last)


def told(name, status, message=""):
    print(*filter(None, [name, status, message]), sep="\t", flush=True)


def services(channel):
    answer = reflect(channel, list_services="")
    return [service.name for service in answer.list_services_response.service]


def message_types(channel):
    """The types of the greeter's request and reply."""
    pool = descriptor_pool.DescriptorPool()
    answer = reflect(channel, file_containing_symbol="helloworld.Greeter")
    for file in answer.file_descriptor_response.file_descriptor_proto:
        pool.Add(descriptor_pb2.FileDescriptorProto.FromString(file))
    method = pool.FindServiceByName("helloworld.Greeter").FindMethodByName("SayHello")
    return [message_factory.GetMessageClass(kind) for kind in (method.input_type, method.output_type)]


def reflect(channel, **question):
    # The messages of v1 are those of v1alpha, which is all that the package knows.
    info = channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    [answer] = info(iter([reflection_pb2.ServerReflectionRequest(**question)]), timeout=PATIENCE)
    return answer


if __name__ == "__main__":
    if sys.argv[2] == "--load":
        load(sys.argv[1], int(sys.argv[3]))
    else:
        main(*sys.argv[1:])
