use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tower_telemetry_core::BuildError;

/// Shorter keys can be guessed.
const MIN_KEY: usize = 16;

/// Bytes of the hash that are shown. With a billion users two are the same once in 10^20.
const SHOWN: usize = 16;

pub(crate) fn keyed(key: &[u8]) -> Result<impl Fn(&str) -> String + Send + Sync + 'static, BuildError> {
    if key.len() < MIN_KEY {
        return Err(BuildError::value("the pseudonyms' key", format!("{} bytes", key.len()), "16 bytes or more"));
    }
    let mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    Ok(move |id: &str| {
        let hash = mac.clone().chain_update(id.as_bytes()).finalize().into_bytes();
        hash[..SHOWN].iter().fold(String::with_capacity(2 * SHOWN), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    })
}
