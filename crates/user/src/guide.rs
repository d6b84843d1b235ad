//! Pages to read. Their code runs in tests, behind real servers.

#[doc = include_str!("../docs/axum-login.md")]
pub mod axum_login {}

#[doc = include_str!("../docs/oauth2-proxy.md")]
pub mod oauth2_proxy {}

#[doc = include_str!("../docs/bearer-token.md")]
pub mod bearer_token {}
