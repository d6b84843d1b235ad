use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
use tower_telemetry_core::{User, UserClaim};

use super::{
    asked,
    credentials::{after, credentials},
};

/// Padded or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(crate) fn ask(headers: &HeaderMap) -> Option<UserClaim> {
    let value = credentials(headers, &AUTHORIZATION).filter(|value| after(value, "basic").is_some())?;
    Some(asked(move || username(&value)))
}

/// Source: <https://www.rfc-editor.org/rfc/rfc7617#section-2>
fn username(value: &HeaderValue) -> Option<User> {
    let decoded = BASE64.decode(after(value, "basic")?).ok()?;
    let text = std::str::from_utf8(&decoded).ok()?;
    let (username, _) = text.split_once(':')?;
    (!username.is_empty()).then(|| User::named(username.to_owned()).as_unverified())
}
