use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::select,
};

/// What the scrubber looks out for, in pieces.
const TRIGGERS: &[&str] = &[
    "password",
    "token",
    "api_key",
    "Authorization",
    "Bearer ",
    "Basic ",
    "cookie",
    "=",
    ": ",
    ":",
    "\"",
    "'",
    "\\",
    "\\\"",
    "\\u0070",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "</",
    "&",
    "&amp;",
    ";",
    ",",
    "?",
    "#",
    "@",
    "://",
    "%",
    "%3D",
    "%2540",
    "%22",
    "+",
    "|",
    "\n",
    "\r\n",
    "\0",
    "4111",
    "1111 ",
    "1234-",
    "GB82",
    "219-",
    "10.0.",
    "2001:db8::",
    "eyJ",
    "ghp_",
    "sk-",
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----END",
    "--b",
    "name=\"",
    "data:",
    "null",
    "1",
    "x",
    "é",
    "語",
    "\u{feff}",
    "[Filtered]",
    "[token]",
    "AKIA",
    "a.b@c.de",
    "deadbeef",
    "  ",
];

const HARMLESS: &[&str] = &[
    "request",
    "finished",
    "in",
    "42",
    "ms",
    "with",
    "status",
    "200",
    "the",
    "author",
    "of",
    "tokenizer",
    "module",
    "keyboard",
    "(ok)",
    "a, b",
    "v1.2.3",
    "/srv/app/main.rs",
    "10:42:07",
    "2026-03-01",
    "count 17",
    "50 %",
    "naïve",
    "日本語",
    "\n",
    "\t",
    "...",
    "passengers",
    "session_count",
    "bypass",
    "x",
    "users/17",
    "--verbose",
    "done!",
    "why?",
    "[info]",
    "a-b-c",
    "snake_case",
];

pub(crate) const CONTENT_TYPES: &[&str] = &[
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
    "text/plain",
    "text/html",
    "application/xml",
    "application/graphql",
    "application/x-ndjson",
    "text/event-stream",
    "application/octet-stream",
    "image/png",
    "application/grpc",
    "",
    "nonsense",
];

pub(crate) const NAMES: &[&str] = &[
    "password",
    "authorization",
    "cookie",
    "Set-Cookie",
    "x-forwarded-for",
    "user-agent",
    "referer",
    "location",
    "note",
    "",
    "пароль",
    "a b",
    "user[password]",
    "traceparent",
    "etag",
];

/// JSON values with a secret in them: alone, and as one of the things in a list or object.
pub(crate) const HOLDERS: &[&str] =
    &["\"@\"", "\"a @\"", "\"\\\"@\\u0020}\"", "[\"@\"]", "[1,{\"b\":\"@\"},null]", "{\"b\":[\"]}\",\"@\"]}"];

/// Pieces of what matters, in no order.
pub(crate) fn troubled() -> impl Strategy<Value = String> {
    vec(prop_oneof![8 => select(TRIGGERS).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)], 0..40)
        .prop_map(|pieces| pieces.concat())
}

/// Bytes of any kind, most of which are text.
pub(crate) fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let broken = (troubled(), vec(any::<u8>(), 0..4), troubled())
        .prop_map(|(before, broken, after)| [before.as_bytes(), &broken, after.as_bytes()].concat());
    prop_oneof![3 => troubled().prop_map(String::into_bytes), 2 => broken, 1 => vec(any::<u8>(), 0..200)]
}

/// Words without a trigger.
pub(crate) fn harmless() -> impl Strategy<Value = String> {
    vec(select(HARMLESS), 0..30).prop_map(|words| words.join(" "))
}

pub(crate) fn content_type() -> impl Strategy<Value = Option<&'static str>> {
    option::of(select(CONTENT_TYPES))
}

/// A value that is met nowhere else: no other text here has these letters.
pub(crate) fn secret() -> impl Strategy<Value = String> {
    "ZQ[a-z0-9]{8,24}"
}

/// A place in a JSON document: what stands before it and behind it.
pub(crate) fn place() -> impl Strategy<Value = (String, String)> {
    let space = select(&["", "", " ", "\n  ", "\t", "\r\n"][..]);
    let layer = (any::<bool>(), select(&["a", "items", "é", "\\u0061b", "", "x y"][..]), sibling(), sibling(), space);
    vec(layer, 0..6).prop_map(|layers| {
        let mut place = (String::new(), String::new());
        for (is_object, key, before, after, space) in layers {
            if is_object {
                place.0 = format!("{{{space}\"n\"{space}:{before},{space}\"{key}\":{space}{}", place.0);
                place.1 = format!("{}{space},\"m\":{space}{after}}}", place.1);
            } else {
                place.0 = format!("[{before},{space}{}", place.0);
                place.1 = format!("{}{space},{space}{after}]", place.1);
            }
        }
        place
    })
}

fn sibling() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        any::<i32>().prop_map(|number| number.to_string()),
        "[a-p {}\\[\\]:,éж\\\\\"\n]{0,12}".prop_map(|text| serde_json::to_string(&text).expect("a string is JSON")),
        Just("[[],{}]".to_owned()),
        Just("{\"k\":[true,1.5e-3]}".to_owned()),
    ]
}
