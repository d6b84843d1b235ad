//! Bodies of all formats, with what is planted in them.

pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=planted";

/// A content type, and the body.
pub(crate) const BODIES: &[(&str, &str)] = &[
    (JSON, r#"{"username":"ada","password":"{plain}"}"#),
    (JSON, r#"{"item":"lamp","card":{"number":"{card}","cvc":"123"},"buyer":{"email":"{email}","apiKey":"{plain}"}}"#),
    (JSON, r#"[{"token":"{plain}"},{"tokens":["{plain}","{plain}"]},{"note":"{shape}"},{"note":"{shape}"}]"#),
    (JSON, "{\n  \"access_token\": \"{plain}\",\n  \"refresh_token\": \"{plain}\",\n  \"ip\": \"{ip}\"\n}"),
    (JSON, r#"{"payload":"{\"password\":\"{plain}\",\"user\":\"ada\"}","iban":"{iban}","ssn":"{ssn}"}"#),
    (JSON, r#"{"headers":{"Authorization":"Bearer {plain}","Cookie":"session={plain}","X-Api-Key":"{plain}"}}"#),
    // Cut off in the middle.
    (JSON, r#"{"item":"lamp","password":"{plain}"#),
    (JSON, r#"{"item":"lamp","password":"{plain}","token":{"value":"{plain}"#),
    ("application/x-ndjson", "{\"secret\":\"{plain}\"}\n{\"secret\":\"{plain}\"}\n"),
    ("application/problem+json", r#"{"detail":"the key {shape} of {email} has expired"}"#),
    (FORM, "username=ada&password={plain}&remember=1"),
    (FORM, "grant_type=client_credentials&client_secret={plain}&scope=all"),
    (FORM, "user%5Bpassword%5D={plain}&email={email}&q={shape}"),
    (
        MULTIPART,
        "--planted\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n{plain}\r\n--planted\r\nContent-Disposition: form-data; \
         name=\"note\"\r\n\r\nfrom {email}\r\n--planted--\r\n",
    ),
    (
        MULTIPART,
        "--planted\r\nContent-Disposition: form-data; name=\"api_key\"; filename=\"key.txt\"\r\nContent-Type: text/plain\r\n\r\n\
         {plain}\r\n--planted\r\nContent-Disposition: form-data; name=\"card\"\r\n\r\n{card}\r\n--planted--\r\n",
    ),
    (
        JSON,
        r#"{"query":"mutation Login($password: String!) { login(user: \"ada\", password: $password) { token } }","variables":{"password":"{plain}"}}"#,
    ),
    (JSON, r#"{"query":"mutation { login(user: \"ada\", password: \"{plain}\") { id } }"}"#),
    ("application/graphql", "mutation { login(email: \"{email}\", password: \"{plain}\") { id } }"),
    ("application/xml", "<login><user>ada</user><password>{plain}</password><note key=\"{shape}\"/></login>"),
    ("text/plain", "password: {plain}\napi_key = {plain}\n"),
    ("text/plain", "the key {shape} of {email}"),
    ("text/csv", "lamp,password={plain}"),
    ("application/yaml", "database:\n  password: {plain}\n  url: postgres://shop:{plain}@db/orders\n"),
    ("application/octet-stream", "{shape}\n{shape}"),
    // As if it were something else, or nothing.
    ("image/png", "password={plain}&token={plain}"),
    ("text/plain; charset=utf-16", r#"{"password":"{plain}"}"#),
    ("", r#"{"password":"{plain}","email":"{email}"}"#),
    ("", "password={plain}&email={email}"),
];
