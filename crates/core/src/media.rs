use http::HeaderValue;

/// Kinds of media whose bodies are no text. Types that end so, as `application/vnd.x+zip`, are too.
const BINARY_KINDS: [&str; 4] = ["image/", "audio/", "video/", "font/"];

const BINARY: [&str; 16] = [
    "avro",
    "bson",
    "cbor",
    "gzip",
    "msgpack",
    "octet-stream",
    "pdf",
    "protobuf",
    "wasm",
    "x-7z-compressed",
    "x-gzip",
    "x-msgpack",
    "x-protobuf",
    "x-tar",
    "zip",
    "zstd",
];

/// Whether a `Content-Type` is surely not a text's. Of what is not known, the bytes decide later.
pub(crate) fn is_binary(content_type: &HeaderValue) -> bool {
    let essence = content_type.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii();
    let begins =
        |kind: &str| essence.get(..kind.len()).is_some_and(|start| start.eq_ignore_ascii_case(kind.as_bytes()));
    if BINARY_KINDS.iter().any(|kind| begins(kind)) || begins("application/grpc") {
        return true;
    }
    let Some(subtype) = essence.get("application/".len()..).filter(|_| begins("application/")) else { return false };
    let format = subtype.rsplit(|&byte| byte == b'+').next().unwrap_or_default();
    BINARY.iter().any(|name| format.eq_ignore_ascii_case(name.as_bytes()))
}

/// Whether a `Content-Encoding` is one that hides the text.
pub(crate) fn is_compressed(content_encoding: &HeaderValue) -> bool {
    let mut encodings = content_encoding.as_bytes().split(|&byte| byte == b',').map(<[u8]>::trim_ascii);
    encodings.any(|encoding| !encoding.is_empty() && !encoding.eq_ignore_ascii_case(b"identity"))
}
